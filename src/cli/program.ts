import { Command, CommanderError, Option } from 'commander'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { PROBE_IMAGE } from '../run/probe-image.ts'
import { namespaceName } from './namespace-name.ts'
import { addClusterCommands } from './program-cluster.ts'
import { addFileCommands } from './program-files.ts'
import { addLabsCommands } from './program-labs.ts'
import { addStudyCommands } from './program-study.ts'
import type { Services } from './services.ts'

/**
 * The whole command table. Each command's code is imported when it runs.
 *
 * @returns the exit code. LabErrors propagate.
 */
export async function runProgram(args: readonly string[], own: Services): Promise<ExitCode> {
  let code: ExitCode = EXIT.passed
  // What the commands of labs get: the same, or with another course once the options are read.
  const services: { -readonly [Key in keyof Services]: Services[Key] } = { ...own }
  const { terminal } = services
  const program = new Command('sts-lab')
    .description(
      'Learn Kubernetes StatefulSets on a real cluster, and prove what you built from its watch stream.',
    )
    .version(services.version, '-V, --version')
    .option('--no-color', 'plain text (also NO_COLOR=1)')
    .option('--labs <dir>', "somebody else's course: a folder of labs (also STS_LAB_LABS=dir)")
    .hook('preAction', async () => {
      const folder = program.opts<{ labs?: string }>().labs ?? (own.env.STS_LAB_LABS || undefined)
      if (folder === undefined) return
      const { courseAt } = await import('./course.ts')
      Object.assign(services, await courseAt(folder, own))
    })
    .hook('postAction', (_program, action) => {
      const { labs } = program.opts<{ labs?: string }>()
      if (labs !== undefined && terminal.interactive && ['list', 'start', 'status'].includes(action.name()))
        terminal.err(
          `\nEach command of this course takes --labs ${labs}, or once: export STS_LAB_LABS=${labs}\n`,
        )
    })
    .showSuggestionAfterError(true)
    .showHelpAfterError('(sts-lab --help shows what there is)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .addHelpText('after', EPILOGUE)

  const onCluster = (command: Command): Command =>
    command
      .option('-c, --context <name>', "kubeconfig context (default: the kubeconfig's current one)")
      .option('--kubeconfig <file>', 'kubeconfig file (default: $KUBECONFIG, ~/.kube/config)')
  const inNamespace = (command: Command): Command =>
    command.option('-n, --namespace <name>', "namespace (default: the lab's own)", namespaceName)
  const output = (...choices: string[]): Option =>
    new Option('-o, --output <format>', 'how to print the result').choices(choices).default('text')

  onCluster(inNamespace(program.command('start [lab]')))
    .description('be led through a lab: explains, applies, shows, checks')
    .option('-y, --yes', 'run it all without a question; exit code by the verdicts')
    .option('--from <step>', 'begin at this step instead of where you left off')
    .option('--folder <dir>', 'where files that you complete are put (default: a folder named as the lab)')
    .option('--prompt', 'ask for the blanks of such files here, instead of in an editor')
    .option('--probe-image <image>', 'image of the pod that asks DNS', PROBE_IMAGE)
    .action(async (lab: string | undefined, options) => {
      const { start } = await import('./commands/start.ts')
      code = await start({ ...options, lab }, services)
    })
  onCluster(inNamespace(program.command('verify [lab]')))
    .description('judge what was built: the ten criteria, with evidence')
    .option('-s, --statefulset <name>', 'which StatefulSet, where there are several')
    .addOption(output('text', 'json', 'junit'))
    .option('--only <criteria>', 'only these, by number or id, e.g. 5,6 or dns-resolution')
    .option('--keep-going', 'go on with the next experiment when one did not come to its end')
    .option('--timeout <seconds>', 'longest wait for one pod to become ready or to go (default: 120)')
    .option('--probe-image <image>', 'image of the pod that asks DNS and reads claims', PROBE_IMAGE)
    .option('--evidence <file>', 'write the recording as JSON lines')
    .option('--no-debrief', 'when all pass: leave out what each criterion is about and what proves it')
    .option('-y, --yes', 'answer yes: use a cluster that does not look like a lab cluster')
    .option('--allow-simulated', 'judge on the practice cluster too, which proves nothing about a real one')
    .action(async (lab: string | undefined, options) => {
      const { verify } = await import('./commands/verify.ts')
      code = await verify({ ...options, lab }, services)
    })
  program
    .command('replay <file>')
    .description('judge a recording again, without a cluster (verify --evidence writes them)')
    .addOption(output('text', 'json', 'junit'))
    .option('--no-debrief', 'when all pass: leave out what each criterion is about and what proves it')
    .action(async (file: string, options) => {
      const { replay } = await import('./commands/replay.ts')
      code = await replay({ ...options, file }, services)
    })
  onCluster(inNamespace(program.command('watch [lab]')))
    .description('the live board alone: pods, claims and services as they move')
    .option('-y, --yes', 'answer yes: use a cluster that does not look like a lab cluster')
    .action(async (lab: string | undefined, options) => {
      const { watch } = await import('./commands/watch.ts')
      const { namespaceOf } = await import('./catalogue.ts')
      code = await watch(
        {
          namespace: options.namespace ?? (await namespaceOf(lab, services)),
          context: options.context,
          kubeconfig: options.kubeconfig,
          allowAnyCluster: options.yes === true,
        },
        services,
      )
    })
  onCluster(inNamespace(program.command('doctor')))
    .description('is this cluster fit for the labs? each finding with its remedy')
    .addOption(output('text', 'json'))
    .option('--probe-image <image>', 'image of the pod that asks DNS', PROBE_IMAGE)
    .option('-y, --yes', 'answer yes: use a cluster that does not look like a lab cluster')
    .action(async (options) => {
      const { doctor } = await import('./commands/doctor.ts')
      code = await doctor(options, services)
    })
  program
    .command('list')
    .description('the labs there are, and how far you are')
    .addOption(output('text', 'json'))
    .action(async (options) => {
      const { list } = await import('./commands/list.ts')
      code = await list(options, services)
    })
  program
    .command('status [lab]')
    .description('where you are in a lab')
    .addOption(output('text', 'json'))
    .action(async (lab: string | undefined, options) => {
      const { status } = await import('./commands/status.ts')
      code = await status({ ...options, lab }, services)
    })
  program
    .command('hint [lab]')
    .description('the next hint for the step you are at')
    .action(async (lab: string | undefined) => {
      const { hint } = await import('./commands/hint.ts')
      code = await hint({ lab }, services)
    })
  program
    .command('next [lab]')
    .description('skip to the next step')
    .action(async (lab: string | undefined) => {
      const { next } = await import('./commands/next.ts')
      code = await next({ lab }, services)
    })
  program
    .command('back [lab]')
    .description('go back to the step before')
    .action(async (lab: string | undefined) => {
      const { back } = await import('./commands/back.ts')
      code = await back({ lab }, services)
    })
  onCluster(inNamespace(program.command('clean [lab]')))
    .description('remove what a lab created; put back what a killed verify left changed')
    .option('-y, --yes', 'without a question')
    .action(async (lab: string | undefined, options) => {
      const { clean } = await import('./commands/clean.ts')
      code = await clean({ ...options, lab }, services)
    })

  addStudyCommands(program, own, (ended) => {
    code = ended
  })
  addFileCommands(program, services, onCluster, (ended) => {
    code = ended
  })
  addClusterCommands(program, services, (ended) => {
    code = ended
  })
  addLabsCommands(program, services, onCluster, (ended) => {
    code = ended
  })

  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    // commander throws for --help and --version too, with exit code 0; it has printed already.
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.passed : EXIT.usage
  }
  return code
}

const EPILOGUE = `
Begin with:  sts-lab doctor, then sts-lab start section1
Exit codes:  0 all pass · 1 something failed · 2 wrong request · 3 could not decide · 4 a bug · 130 interrupted`
