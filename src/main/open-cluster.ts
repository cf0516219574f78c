import path from 'node:path'
import { sentence } from '../cli/sentence.ts'
import type { ChosenCluster, ClusterChoice } from '../cli/services.ts'
import { LabError, undecidedError } from '../errors.ts'
import { systemClock } from '../host/clock.ts'
import type { OpenedCluster } from '../kube/cluster.ts'
import type { PracticeCluster, PracticeState, Terminal } from '../ports.ts'
import { moment } from '../report/time.ts'
import { printable } from '../timeline/printable.ts'
import { BRING_BACK, tellingOfItsEnd } from './lost-practice.ts'

const PRACTICE_CONTEXT = 'sts-lab-embedded'

interface OpenSetting {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly practice: PracticeCluster
}

/** There is no lab cluster to work on: reasons why the practice cluster may step in. */
const NONE_THERE: readonly string[] = [
  'no-kubeconfig',
  'no-context',
  'unknown-context',
  'not-a-lab-cluster',
  'connection-refused',
  'connection-lost',
  'dns',
  'tls',
  'timeout',
]

/**
 * Opens the cluster that was asked for. Where none was named and no lab cluster can be reached it is the practice
 * cluster: the one that runs, or one that `start` offers. One that has ended is brought back by `start`, which says
 * so; to the others it is a cluster that is away.
 */
export async function openChosenCluster(choice: ClusterChoice, setting: OpenSetting): Promise<ChosenCluster> {
  const { practice } = setting
  if (namesPractice(choice, setting)) {
    await mustRun(choice, setting)
    return openPractice(setting)
  }
  if (choice.context !== undefined || choice.kubeconfig !== undefined) return openOwn(choice, setting)
  const before = await practice.state()
  if (before.state === 'down' && choice.offersPractice === undefined) return openOwn(choice, setting)
  try {
    const cluster = await openOwn(choice, setting)
    // A lab cluster by its name may be switched off.
    await cluster.identity(setting.signal)
    return cluster
  } catch (error) {
    if (!(error instanceof LabError && NONE_THERE.includes(error.code))) throw error
    if (isMissedInCi(error, setting)) throw error
    if (before.state === 'ended') await bringBack(before, choice, setting)
    else if (before.state === 'down') await offer(error, choice, setting)
    return openPractice(setting)
  }
}

/** By its context's name, or by the file that `cluster up` writes. */
const namesPractice = ({ context, kubeconfig }: ClusterChoice, { practice }: OpenSetting): boolean =>
  kubeconfig === undefined
    ? context === PRACTICE_CONTEXT
    : path.resolve(kubeconfig) === practice.kubeconfig && (context ?? PRACTICE_CONTEXT) === PRACTICE_CONTEXT

/** A real cluster is set up and away: in CI a simulated one in its place would pass for it, and nobody would see. */
const isMissedInCi = ({ code }: LabError, { env, terminal, practice }: OpenSetting): boolean =>
  Boolean(env.CI) &&
  !terminal.interactive &&
  code !== 'no-kubeconfig' &&
  code !== 'no-context' &&
  env.KUBECONFIG !== practice.kubeconfig

/** Asked for by name. @throws LabError 'practice-cluster-down' */
async function mustRun(choice: ClusterChoice, setting: OpenSetting): Promise<void> {
  const { practice } = setting
  const before = await practice.state()
  if (before.state === 'ended') await bringBack(before, choice, setting)
  if (before.state !== 'down') return
  if (choice.offersPractice === undefined)
    throw undecidedError('practice-cluster-down', 'the practice cluster does not run', 'sts-lab cluster up')
  await practice.up({ speed: choice.offersPractice })
}

type Ended = Extract<PracticeState, { readonly state: 'ended' }>

/** What was in it is what somebody is in the middle of: nobody has to be asked. @throws LabError 'practice-cluster-down' */
async function bringBack(ended: Ended, choice: ClusterChoice, setting: OpenSetting): Promise<void> {
  const { practice, terminal } = setting
  const when = ended.aliveAt === null ? '' : ` (it was last heard of ${moment(ended.aliveAt)})`
  if (choice.offersPractice === undefined)
    throw undecidedError('practice-cluster-down', `the practice cluster has ended${when}`, BRING_BACK)
  const { restored } = await practice.up({
    ...(ended.aliveAt === null ? { speed: choice.offersPractice } : {}),
  })
  if (restored === null) return
  terminal.err(
    `${sentence(`the practice cluster had ended${when}: it is back, with what was in it`, terminal)}\n`,
  )
  for (const warning of restored.warnings) terminal.err(`  ! ${printable(warning, 500)}\n`)
}

async function offer(reason: LabError, choice: ClusterChoice, setting: OpenSetting): Promise<void> {
  const { terminal, practice, signal } = setting
  const speed = choice.offersPractice ?? 'real'
  // Of one that may not be used it says how it may be.
  const hint = reason.code === 'not-a-lab-cluster' && reason.hint !== null ? `\n  → ${reason.hint}` : ''
  const why = `no lab cluster can be reached: ${reason.message}${hint}`
  if (terminal.interactive) {
    const { confirm } = await import('../cli/confirm.ts')
    terminal.err(`${sentence(why, terminal)}\n`)
    const question = 'Practise on a simulated cluster that sts-lab brings along?'
    if (!(await confirm(question, signal, { otherwise: true }))) throw reason
  } else terminal.err(`sts-lab: ${why}\n  → for a real one: kind create cluster, or minikube start\n`)
  await practice.up({ speed })
}

async function openPractice(setting: OpenSetting): Promise<ChosenCluster> {
  const { kubeconfig } = setting.practice
  const choice = { context: undefined, kubeconfig, allowAnyCluster: false }
  return Object.assign(await openOwn(choice, setting), { kubeconfig })
}

/** As kubectl would find it, let through when it is a lab cluster or was allowed. */
async function openOwn(choice: ClusterChoice, setting: OpenSetting): Promise<OpenedCluster> {
  const { env, terminal, signal } = setting
  const { openCluster } = await import('../kube/cluster.ts')
  const { recogniseContext, recogniseNode, requireLabCluster } = await import('../provider/lab-cluster.ts')
  const cluster = await openCluster({
    ...choice,
    env,
    clock: systemClock,
    recognise: { context: recogniseContext, node: recogniseNode },
  })
  const { context, server } = cluster
  const ask = async (question: string) => {
    const { confirm } = await import('../cli/confirm.ts')
    return confirm(question, signal)
  }
  const provider = await cluster.provider(signal)
  await requireLabCluster(
    {
      context,
      server,
      provider,
      chosen: choice.context !== undefined,
      allowAnyCluster: choice.allowAnyCluster,
    },
    terminal.interactive ? ask : null,
  )
  if (provider === 'embedded') terminal.err(BANNER)
  const { practice } = setting
  const known = await practice.state()
  const isPractice = known.state !== 'down' && known.process?.server === server
  return isPractice ? tellingOfItsEnd(cluster, practice) : cluster
}

const BANNER =
  'practice cluster: simulated by sts-lab on this machine.\nWhat you learn here holds; proof takes a real one.\n'
