import type { EventFacts } from '../../timeline/facts.ts'
import { at, createdAt, number, parseMetadata, text } from './shape.ts'

/** A v1 Event, as written by old recorders (count, lastTimestamp) or new ones (series, eventTime); null without name, UID and resourceVersion. */
export const parseEvent = (event: unknown): EventFacts | null => {
  const metadata = parseMetadata(event)
  if (metadata === null) return null
  return {
    kind: 'Event',
    ...metadata,
    warning: at(event, 'type') === 'Warning',
    reason: text(at(event, 'reason')) ?? '',
    message: text(at(event, 'message')) ?? text(at(event, 'note')) ?? '',
    count: number(at(event, 'series', 'count'), number(at(event, 'count'), 1)),
    about: {
      kind: text(at(event, 'involvedObject', 'kind')) ?? '',
      name: text(at(event, 'involvedObject', 'name')) ?? '',
      uid: text(at(event, 'involvedObject', 'uid')) ?? '',
    },
    lastSeen:
      text(at(event, 'series', 'lastObservedTime')) ??
      text(at(event, 'lastTimestamp')) ??
      text(at(event, 'eventTime')) ??
      text(createdAt(event)),
  }
}
