import { LabError } from '../errors.ts'
import type { LabAction } from '../lab/lab.ts'
import type { ExecResult } from '../ports.ts'
import type { PodFacts } from '../timeline/facts.ts'
import { printable } from '../timeline/printable.ts'
import { isReady, podsOf } from '../timeline/state.ts'
import { inPod } from './lab-commands.ts'
import type { FileGoal } from './lab-goal.ts'
import { eachAtOnce, type Session } from './session.ts'

/** Files in the set's pods, looked into again and again while a step waits for them: no watch shows them. */
export interface FileWatch {
  /** What the last look found in a pod: null is what is wanted, else what is missing; undefined: no look yet. */
  readonly seen: (goal: FileGoal, pod: PodFacts) => string | null | undefined
  /** Looks into every ready pod now. A pod that cannot be reached counts as without the file. */
  look(goal: FileGoal): Promise<void>
  /** Looks every two seconds and calls `changed` after each look, until the signal is aborted. */
  follow(goal: FileGoal, changed: () => void, signal: AbortSignal): void
}

const PERIOD_MS = 2_000
const EXEC_TIMEOUT_MS = 10_000
/** No more of a file is read. */
const MOST_BYTES = 64 * 1024

/** @param session the recording in use: it changes when a step is begun again. */
export function watchFiles(session: () => Session, statefulSet: string): FileWatch {
  const found = new Map<string, string | null>()
  const key = (goal: FileGoal, pod: PodFacts): string => JSON.stringify([pod.uid, goal.file, goal.text])
  const look = async (goal: FileGoal, within = session()): Promise<void> => {
    const { state } = within
    const set = state.statefulsets.get(statefulSet)
    if (set === undefined) return
    await eachAtOnce(podsOf(state, set.uid).filter(isReady), async (pod) => {
      found.set(key(goal, pod), await missingIn(within, goal, pod))
    })
  }
  return {
    seen: (goal, pod) => found.get(key(goal, pod)),
    look: (goal) => look(goal),
    follow(goal, changed, signal) {
      const within = session()
      const { clock } = within
      const loop = async (): Promise<void> => {
        while (!signal.aborted) {
          await clock.sleep(PERIOD_MS, signal)
          await look(goal, within)
          if (!signal.aborted) changed()
        }
      }
      loop().catch((error: unknown) => {
        if (!signal.aborted && !within.signal.aborted) throw error
      })
    },
  }
}

/**
 * Writes a line to a file of every pod of the set, over what was there.
 * @returns null, or why it did not succeed.
 */
export async function writeInPods(
  session: Session,
  pods: readonly PodFacts[],
  { file, text }: Extract<LabAction, { do: 'write' }>,
): Promise<string | null> {
  const failures = await eachAtOnce(pods, async (pod) => {
    const script = ['sh', '-c', 'printf "%s\\n" "$2" > "$1"', 'sts-lab', file, inPod(text, pod.name)]
    const result = await exec(session, pod, file, script)
    const why = typeof result === 'string' ? result : whyFailed(result)
    return why === null ? [] : [`${pod.name}: ${why}`]
  })
  return failures.flat()[0] ?? null
}

async function missingIn(session: Session, goal: FileGoal, pod: PodFacts): Promise<string | null> {
  const script = ['sh', '-c', `head -c ${MOST_BYTES} < "$1"`, 'sts-lab', goal.file]
  const result = await exec(session, pod, goal.file, script)
  if (typeof result === 'string') return result
  if (result.exitCode === null) return whyFailed(result)
  if (result.exitCode !== 0) return `there is no ${goal.file} yet`
  const wanted = inPod(goal.text, pod.name)
  return result.stdout.toString('utf8').includes(wanted)
    ? null
    : `${goal.file} does not say ${JSON.stringify(wanted)}`
}

function whyFailed({ exitCode, failure, stderr }: ExecResult): string | null {
  if (exitCode === 0) return null
  if (exitCode === null) return `no shell in its image (${printable(failure ?? '', 120)})`
  return printable(stderr.toString('utf8'), 160) || `exit code ${exitCode}`
}

/** In the container that mounts a claim where the file is, else in the first. @returns why, when it could not be asked. */
async function exec(
  session: Session,
  pod: PodFacts,
  file: string,
  command: readonly string[],
): Promise<ExecResult | string> {
  const mounts = pod.claims.flatMap((claim) => claim.mounts).filter((mount) => !mount.init)
  const mount = mounts.find(({ path }) => file.startsWith(`${path.replace(/\/$/, '')}/`))
  const container = mount?.container ?? pod.containers.find(({ init }) => !init)?.name ?? ''
  try {
    return await session.cluster.exec({
      namespace: session.namespace,
      pod: pod.name,
      container,
      command,
      timeoutMs: EXEC_TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      signal: session.signal,
    })
  } catch (error) {
    if (!(error instanceof LabError) || error.kind === 'interrupted') throw error
    return error.code === 'forbidden'
      ? `exec is not allowed: ${printable(error.message, 240)}`
      : 'the pod could not be reached'
  }
}
