import type { Client } from '../client.ts'
import { type ApiObject, textAt } from '../object.ts'

const KEPT_MS = 60 * 60 * 1000

/** Events are forgotten an hour after they were last said. One timer, for the oldest. */
export function startEventExpiry(client: Client): () => void {
  let callOff: (() => void) | null = null

  const sweep = (): void => {
    callOff = null
    let nextMs = Number.POSITIVE_INFINITY
    for (const event of client.list<ApiObject>('events')) {
      const leftMs = KEPT_MS - client.clock.sinceMs(lastSaid(event))
      if (leftMs <= 0) client.remove('events', event)
      else nextMs = Math.min(nextMs, leftMs)
    }
    if (Number.isFinite(nextMs)) callOff = client.clock.setTimer(nextMs, sweep)
  }
  const stop = client.watch<ApiObject>('events', {
    added: () => {
      callOff ??= client.clock.setTimer(KEPT_MS, sweep)
    },
  })
  return () => {
    stop()
    callOff?.()
  }
}

const lastSaid = (event: ApiObject): number => {
  const said = Date.parse(
    textAt(event, 'series', 'lastObservedTime') ||
      textAt(event, 'lastTimestamp') ||
      textAt(event, 'eventTime') ||
      String(event.metadata.creationTimestamp),
  )
  return Number.isNaN(said) ? 0 : said
}
