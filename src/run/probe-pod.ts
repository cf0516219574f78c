import { removeHelperPod, startHelperPod } from './helper-pod.ts'
import type { Session } from './session.ts'

/** The pod from which a run asks what only a pod of the cluster can ask: for names, and for pages. */
export interface ProbePod {
  /** Starts it, unless it runs: the kubelet ends it after fifteen minutes, and a student may take longer than that. */
  start(): Promise<ProbeStart>
  dispose(signal: AbortSignal): Promise<void>
}

export type ProbeStart =
  | { readonly ok: true; readonly pod: string }
  | { readonly ok: false; readonly reason: string }

export function createProbePod(session: Session): ProbePod {
  const first = `sts-lab-probe-${session.runId}`
  let name = first
  let number = 1
  let starting: Promise<ProbeStart> | null = null
  const hasEnded = (): boolean => {
    const pod = session.state.pods.get(name)
    return pod === undefined || pod.deletionTimestamp !== null || pod.containers[0]?.state !== 'running'
  }
  return {
    async start() {
      const earlier = starting
      if (earlier !== null && (await earlier).ok && hasEnded() && starting === earlier) {
        const ended = name
        number += 1
        name = `${first}-${number}`
        starting = begin(session, name, ended)
      }
      starting ??= begin(session, name, null)
      return starting
    },
    async dispose(signal) {
      if (starting === null) return
      await removeHelperPod(session, name, signal, false)
    },
  }
}

async function begin(session: Session, pod: string, ended: string | null): Promise<ProbeStart> {
  try {
    if (ended !== null) await removeHelperPod(session, ended, session.signal, false)
    const failure = await session.meter.cluster(() =>
      startHelperPod(session, { name: pod, restricted: true }),
    )
    return failure === null ? { ok: true, pod } : { ok: false, reason: failure }
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}
