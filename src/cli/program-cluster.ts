import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit-codes.ts'
import type { Services } from './services.ts'

/** `sts-lab cluster …`: the practice cluster that sts-lab brings along. */
export function addClusterCommands(
  program: Command,
  services: Services,
  ended: (code: ExitCode) => void,
): void {
  const cluster = program.command('cluster').description('a practice cluster, simulated on this machine')
  cluster
    .command('up')
    .description('start it in the background; one that ended comes back with what was in it')
    .addOption(new Option('--provider <name>', 'what runs it').choices(['embedded']).default('embedded'))
    .addOption(
      new Option(
        '--speed <speed>',
        'its time: as on a real cluster (a new one), or twenty times as fast',
      ).choices(['real', 'fast']),
    )
    .option('--port <number>', 'port on 127.0.0.1 (default: where it was, else any free one)')
    .action(async (options) => {
      const { clusterUp } = await import('./commands/cluster-up.ts')
      ended(await clusterUp(options, services))
    })
  cluster
    .command('down')
    .description('remove it; nothing of it stays')
    .action(async () => {
      const { clusterDown } = await import('./commands/cluster-down.ts')
      ended(await clusterDown(services))
    })
  cluster
    .command('status')
    .description('does it run, since when, and how to reach it')
    .addOption(
      new Option('-o, --output <format>', 'how to print the result')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(async (options) => {
      const { clusterStatus } = await import('./commands/cluster-status.ts')
      ended(await clusterStatus(options, services))
    })
}
