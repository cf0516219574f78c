import { at, text } from '../facts/shape.ts'

/** One line of a watch, parsed. */
export type WatchEvent =
  | {
      readonly type: 'added' | 'modified' | 'deleted'
      readonly uid: string
      readonly resourceVersion: string
      readonly object: unknown
    }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly status: unknown }
  /** Not an event: half a line, another protocol, a type we do not know. */
  | { readonly type: 'garbage'; readonly what: string }

const CHANGES: Readonly<Record<string, 'added' | 'modified' | 'deleted'>> = {
  ADDED: 'added',
  MODIFIED: 'modified',
  DELETED: 'deleted',
}

export const parseWatchLine = (line: Buffer): WatchEvent => {
  const event = parseJson(line)
  const type = text(at(event, 'type'))
  const object = at(event, 'object')
  if (type === 'ERROR') return { type: 'error', status: object }
  const resourceVersion = text(at(object, 'metadata', 'resourceVersion'))
  if (type === null || resourceVersion === null) return garbage(line)
  if (type === 'BOOKMARK') return { type: 'bookmark', resourceVersion }
  const change = CHANGES[type]
  if (change === undefined) return garbage(line)
  return { type: change, uid: text(at(object, 'metadata', 'uid')) ?? '', resourceVersion, object }
}

/** Invalid UTF-8 is as broken as invalid JSON: a lenient decoder would put replacement characters into names. */
const parseJson = (line: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line))
  } catch {
    return undefined
  }
}

const garbage = (line: Buffer): WatchEvent => ({
  type: 'garbage',
  // JSON's escapes keep control characters out of messages.
  what: JSON.stringify(line.subarray(0, 60).toString('latin1')),
})
