import { type Command, Option } from 'commander'
import type { ExitCode } from '../exit-codes.ts'
import type { Services } from './services.ts'

/** The commands that need no cluster: reading, the quiz, the plan, and carrying progress elsewhere. */
export function addStudyCommands(
  program: Command,
  services: Services,
  ended: (code: ExitCode) => void,
): void {
  const output = (): Option =>
    new Option('-o, --output <format>', 'how to print the result').choices(['text', 'json']).default('text')
  program
    .command('explain [topic]')
    .description('something to read: guarantees, DNS, claims, updates, mistakes …; alone it lists the topics')
    .option('--search <words...>', 'find words in all topics')
    .action(async (topic: string | undefined, options) => {
      const { explain } = await import('./commands/explain.ts')
      ended(await explain({ ...options, topic }, services))
    })
  program
    .command('quiz [topic]')
    .description('ten questions, told at once; what was missed comes again')
    .option('--all', 'also what is not due yet')
    .option('-n, --count <number>', 'how many (default: 10, with --all: all)')
    .option('--seed <number>', 'the same order as another sitting')
    .option('--question <id>', 'just this one')
    .option('--list', 'print the questions instead of asking them')
    .addOption(output())
    .action(async (topic: string | undefined, options) => {
      const { quiz } = await import('./commands/quiz.ts')
      ended(await quiz({ ...options, topic }, services))
    })
  program
    .command('plan')
    .description('the learning plan: what is done and proven, and what comes next')
    .option('--done <item>', 'tick an item that nothing here can prove')
    .option('--undone <item>', 'take such a tick away')
    .addOption(output())
    .action(async (options) => {
      const { plan } = await import('./commands/plan.ts')
      ended(await plan(options, services))
    })
  const progress = program.command('progress').description('carry your progress to another machine')
  progress
    .command('export <file>')
    .description('write all labs, answers, scores and ticks into one file; - is stdout')
    .action(async (file: string) => {
      const { exportProgress } = await import('./commands/progress.ts')
      ended(await exportProgress(file, services))
    })
  progress
    .command('import <file>')
    .description('merge such a file into what is here, the newer each time; nothing is lost')
    .action(async (file: string) => {
      const { importProgress } = await import('./commands/progress.ts')
      ended(await importProgress(file, services))
    })
}
