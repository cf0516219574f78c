import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { Recording } from '../../ports.ts'
import { createLive } from '../../report/live.ts'
import { withSpinner } from '../../report/spinner.ts'
import { Timeline } from '../../timeline/timeline.ts'
import type { Services } from '../services.ts'

export interface WatchOptions {
  readonly namespace: string
  readonly context: string | undefined
  readonly kubeconfig: string | undefined
  readonly allowAnyCluster: boolean
}

/** How long the API server may be silent before we say so, in milliseconds. */
const silenceMs = 3000
const lookMs = 500

/** The live board of a namespace until Ctrl-C, which is its normal end: 0. Before the board is up, Ctrl-C interrupts as anywhere. */
export async function watch(options: WatchOptions, services: Services): Promise<ExitCode> {
  const { terminal, clock, signal } = services
  const { namespace, context, kubeconfig, allowAnyCluster } = options
  const cluster = await services.openCluster({ context, kubeconfig, allowAnyCluster })
  const timeline = new Timeline(() => clock.now())
  const live = createLive(terminal, clock, { keep: true })
  let recording: Recording | null = null
  try {
    recording = await withSpinner(terminal, `reading namespace ${namespace}`, () =>
      cluster.record({ namespace, timeline, signal }),
    )
    live.phase('watch', `watching namespace ${namespace}, Ctrl-C ends`)
    live.attach(timeline, { namespace, name: null, uid: null })
    await untilAborted(signal, async () => {
      const lostMs = recording?.lostForMs() ?? 0
      live.waiting(lostMs > silenceMs ? 'the API server does not answer; trying again' : null)
      await clock.sleep(lookMs, signal)
    })
    return EXIT.passed
  } finally {
    live.stop()
    await recording?.stop()
    cluster.close()
  }
}

/** Repeats a step until the signal is aborted; errors of other causes are passed on. */
async function untilAborted(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await step()
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
