import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit-codes.ts'
import { PROBE_IMAGE } from '../run/probe-image.ts'
import type { Services } from './services.ts'

/** `sts-lab labs …`: for those who write labs. */
export function addLabsCommands(
  program: Command,
  services: Services,
  onCluster: (command: Command) => Command,
  end: (code: ExitCode) => void,
): void {
  const labs = program.command('labs').description('for authors: lint labs, and prove them on a cluster')
  labs
    .command('lint [labs...]')
    .description('everything that is wrong with labs, as far as it shows without a cluster')
    .addOption(
      new Option('-o, --output <format>', 'how to print the result')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (wanted: readonly string[], options) => {
      const { labsLint } = await import('./commands/labs-lint.ts')
      end(await labsLint({ ...options, labs: wanted }, services))
    })
  onCluster(labs.command('test [labs...]'))
    .description('solves each lab, and makes each of its mistakes: every one has to be found out')
    .option('--only <plays>', 'only these: unsolved, solution, or ids of wrong solutions, by commas')
    .option('--jobs <number>', 'how many at once', '3')
    .option('--recordings <dir>', 'write what was recorded of each play, as JSON lines, for replay')
    .addOption(
      new Option('-o, --output <format>', 'how to print the result')
        .choices(['text', 'json', 'junit'])
        .default('text'),
    )
    .option('--probe-image <image>', 'image of the pod that asks DNS', PROBE_IMAGE)
    .option('-y, --yes', 'answer yes: use a cluster that does not look like a lab cluster')
    .action(async (wanted: readonly string[], options) => {
      const { labsTest } = await import('./commands/labs-test.ts')
      end(await labsTest({ ...options, labs: wanted }, services))
    })
}
