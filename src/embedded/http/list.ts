import type { Api } from '../api/api.ts'
import type { ApiObject } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { badRequest, expired, StatusError } from '../status.ts'
import { RevisionGone } from '../store/change.ts'
import { keyOf } from '../store/store.ts'
import { ok, type Reply } from './reply.ts'
import { selectionOf } from './selection.ts'
import { shapedList, shapeOf } from './shape.ts'

interface Continue {
  readonly v: 'meta.k8s.io/v1'
  readonly rv: number
  /** Key of the last object given. */
  readonly start: string
}

/**
 * A list, in pages where a limit is set; the pages are all of the first one's moment.
 * @param stale the revision that a fault has it answer with
 */
export function answerList(
  api: Api,
  target: { readonly kind: Kind; readonly namespace: string | undefined },
  query: URLSearchParams,
  accept: string | undefined,
  stale: number | null,
): Reply {
  const { kind } = target
  const shape = shapeOf(accept, query)
  const selected = selectionOf(kind, query)
  const limit = wholeNumber(query, 'limit')
  const token = query.get('continue') ?? ''
  const from = token === '' ? null : readToken(token)
  const listing = listAt(api, target, from?.rv ?? stale ?? momentOf(api, query))
  const rest = listing.items.filter(
    (object) => selected(object) && (from === null || keyOfObject(object) > from.start),
  )
  const page = limit > 0 ? rest.slice(0, limit) : rest
  const last = page.at(-1)
  const more = last !== undefined && page.length < rest.length
  const metadata = {
    resourceVersion: String(listing.revision),
    ...(more
      ? {
          continue: writeToken({ v: 'meta.k8s.io/v1', rv: listing.revision, start: keyOfObject(last) }),
          // Unknown where a selector hides how many there are.
          ...(query.has('labelSelector') || query.has('fieldSelector')
            ? {}
            : { remainingItemCount: rest.length - page.length }),
        }
      : {}),
  }
  return ok(shapedList(page, kind, shape, metadata, api.clock.nowMs()))
}

const keyOfObject = ({ metadata }: ApiObject): string => keyOf(metadata.namespace, metadata.name)

function listAt(
  api: Api,
  { kind, namespace }: { readonly kind: Kind; readonly namespace: string | undefined },
  revision: number | undefined,
) {
  try {
    return api.list(kind, namespace, revision)
  } catch (error) {
    if (error instanceof RevisionGone)
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      )
    throw error
  }
}

/** The revision asked for; undefined for the latest, which is never older than what a client may have seen. */
function momentOf(api: Api, query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  if (text === '' || text === '0') return undefined
  const revision = revisionOf(text)
  if (revision > api.store.revision) throw tooLarge(revision, api.store.revision)
  return match === 'Exact' ? revision : undefined
}

/** @throws StatusError 400 */
export function revisionOf(text: string): number {
  if (!/^\d+$/.test(text))
    throw badRequest(
      `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    )
  return Number(text)
}

const tooLarge = (asked: number, current: number): StatusError =>
  new StatusError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  })

export function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? ''
  if (text === '') return 0
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
  return Number(text)
}

const writeToken = (token: Continue): string => Buffer.from(JSON.stringify(token)).toString('base64url')

function readToken(text: string): Continue {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Continue
    if (token.v === 'meta.k8s.io/v1' && Number.isInteger(token.rv)) return token
  } catch {
    // Said below, in the real server's words.
  }
  throw badRequest(
    'continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
  )
}
