import { interruptedError, type LabError, undecidedError } from '../errors.ts'
import type { Clock, Recording } from '../ports.ts'
import { STREAMS, type StreamName } from '../timeline/observation.ts'
import type { Timeline } from '../timeline/timeline.ts'
import { onAbort } from './abort-listener.ts'
import { abortError } from './connection-errors.ts'
import { StreamRecorder } from './recorder/stream-recorder.ts'
import { persistently } from './retry.ts'
import type { Transport } from './transport.ts'
import { Distrust } from './watch/distrust.ts'
import { WATCH_LIMITS, type WatchLimits } from './watch/limits.ts'
import { listAll } from './watch/list.ts'
import { watchResource } from './watch.ts'

/** How long a server that is away is waited for to confirm what was recorded. */
const CONFIRM_PATIENCE_MS = 30_000

export interface RecordOptions {
  readonly namespace: string
  readonly timeline: Timeline
  /** Default: all. */
  readonly streams?: readonly StreamName[]
  readonly signal: AbortSignal
  readonly random?: () => number
  readonly clock: Clock
  /** Default: WATCH_LIMITS. */
  readonly limits?: Partial<WatchLimits>
}

export interface NamespaceRecording extends Recording {
  /** Why a stream is not connected at the moment, in the server's or the network's words; null while all are. */
  lastTrouble(): LabError | null
}

/**
 * Lists and watches the streams of a namespace into the timeline, in the words of timeline/observation.ts:
 * 'listed' for what is there, then changes in order. When a stream must be listed anew: a gap, then
 * 'listed' for each object there, then 'vanished' for each that was known and is not.
 *
 * Resolves once every stream has been listed. Rejects with a LabError when one cannot be (refused, or no
 * server for about 10 s), or when the signal aborts before that; nothing is left running then. The events
 * stream only explains: without the right to read it the recording goes on without.
 *
 * `stop()` rejects with whatever a timeline listener has thrown meanwhile: that stream has ended.
 */
export async function recordNamespace(
  transport: Transport,
  options: RecordOptions,
): Promise<NamespaceRecording> {
  const { clock, random = Math.random, streams = STREAMS } = options
  const limits = { ...WATCH_LIMITS, ...options.limits }
  const ending = new AbortController()
  const unlisten = onAbort(options.signal, () => ending.abort(abortError(options.signal)))
  if (options.signal.aborted) ending.abort(abortError(options.signal))

  const recorders = streams.map(
    (stream) => new StreamRecorder(stream, options.timeline, clock, ending.signal),
  )
  const distrusts = new Map(recorders.map((recorder) => [recorder, new Distrust()]))
  const runs = recorders.map((recorder) => {
    const path = pathOf(recorder.stream, options.namespace)
    const distrust = distrusts.get(recorder)
    return watchResource({
      ...(distrust === undefined ? {} : { distrust }),
      transport,
      path,
      clock,
      random,
      limits,
      signal: ending.signal,
      handler: recorder,
    }).catch((error: unknown) => recorder.fail(error))
  })
  const allEnded = Promise.all(runs).finally(unlisten)

  const end = async () => {
    ending.abort(interruptedError())
    await allEnded
  }
  try {
    await Promise.all(recorders.map((recorder) => recorder.firstList))
  } catch (error) {
    await end()
    throw error
  }
  const confirmStream = async (
    recorder: StreamRecorder,
    distrust: Distrust,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const path = pathOf(recorder.stream, options.namespace)
    const { pageSize, listMs: timeoutMs } = limits
    const { items, resourceVersion } = await persistently(
      () => listAll(transport, path, { pageSize, timeoutMs, signal }),
      { repeatable: 'always', patienceMs: () => CONFIRM_PATIENCE_MS, clock, signal },
    )
    const missing = await recorder.compare(items, resourceVersion, limits.catchUpMs, signal)
    if (missing === null) return true
    const { lists } = recorder
    distrust.tell(`the watch had not told of ${missing}`)
    if (await recorder.relisted(lists, signal)) return false
    throw undecidedError(
      'watch-behind',
      `the watch of the ${recorder.stream} does not tell what the server knows`,
    )
  }
  const judged = recorders.filter((recorder) => recorder.stream !== 'events')
  return {
    lostForMs: () => Math.max(0, ...judged.map((recorder) => recorder.lostForMs())),
    async confirm(signal) {
      const confirmed = await Promise.all(
        judged.map((recorder) => confirmStream(recorder, distrusts.get(recorder) ?? new Distrust(), signal)),
      )
      return confirmed.every((sure) => sure)
    },
    lastTrouble: () => judged.find((recorder) => recorder.trouble !== null)?.trouble ?? null,
    async stop() {
      await end()
      const failed = recorders.find((recorder) => recorder.bug !== null)
      if (failed !== undefined) throw failed.bug
    },
  }
}

const COLLECTIONS: Readonly<Record<StreamName, readonly [group: string, resource: string]>> = {
  pods: ['/api/v1', 'pods'],
  claims: ['/api/v1', 'persistentvolumeclaims'],
  statefulsets: ['/apis/apps/v1', 'statefulsets'],
  services: ['/api/v1', 'services'],
  endpoints: ['/api/v1', 'endpoints'],
  events: ['/api/v1', 'events'],
}

const pathOf = (stream: StreamName, namespace: string): string => {
  const [group, resource] = COLLECTIONS[stream]
  return `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`
}
