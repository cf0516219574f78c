import type { Command } from 'commander'
import type { ExitCode } from '../exit-codes.ts'
import { namespaceName } from './namespace-name.ts'
import type { Services } from './services.ts'

/** Commands about the files of a lab. */
export function addFileCommands(
  program: Command,
  services: Services,
  onCluster: (command: Command) => Command,
  end: (code: ExitCode) => void,
): void {
  onCluster(program.command('reset [lab]'))
    .description('begin a file anew (yours is kept beside it), or break a repaired lab again')
    .option('-n, --namespace <name>', 'namespace (default: where you worked on it last)', namespaceName)
    .option('--all', "every file of the lab, not only the present step's")
    .option('-y, --yes', 'answer yes: use a cluster that does not look like a lab cluster')
    .action(async (lab: string | undefined, options) => {
      const { reset } = await import('./commands/reset.ts')
      end(await reset({ ...options, lab }, services))
    })
  program
    .command('solution [lab]')
    .description('our own files, once you have passed')
    .option('--reveal', 'now')
    .action(async (lab: string | undefined, options) => {
      const { solution } = await import('./commands/solution.ts')
      end(await solution({ ...options, lab }, services))
    })
}
