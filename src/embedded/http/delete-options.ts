import type { IncomingMessage } from 'node:http'
import type { DeleteOptions } from '../api/deletion.ts'
import { at, isObject } from '../object.ts'
import { jsonKind } from '../schema/decode.ts'
import { badRequest, StatusError } from '../status.ts'
import { parseBody } from './request.ts'

const PROPAGATIONS = ['Foreground', 'Background', 'Orphan']

/**
 * Delete options come in the body, or in the query, or both. What cannot be read deletes nothing: half understood,
 * it could take away what was meant to have time.
 * @throws StatusError 400, 422
 */
export function deleteOptions({
  query,
  body,
  request,
}: {
  readonly query: URLSearchParams
  readonly body: Buffer
  readonly request: IncomingMessage
}): DeleteOptions {
  const parsed = body.length === 0 ? {} : (parseBody(body, request.headers['content-type']) ?? {})
  if (!isObject(parsed)) throw unreadable('', parsed)
  const asked = query.get('gracePeriodSeconds')
  const grace = asked === null ? graceIn(parsed.gracePeriodSeconds) : graceFrom(asked)
  const propagation = query.get('propagationPolicy') ?? parsed.propagationPolicy ?? null
  if (propagation !== null && !PROPAGATIONS.includes(String(propagation)))
    throw invalid(
      'propagationPolicy',
      `Unsupported value: "${propagation}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    )
  const preconditions = parsed.preconditions ?? {}
  if (!isObject(preconditions)) throw unreadable('preconditions', preconditions)
  const uid = at(preconditions, 'uid')
  const version = at(preconditions, 'resourceVersion')
  return {
    dryRun: dryRunOf(query, parsed.dryRun ?? []),
    ...(grace === null ? {} : { gracePeriodSeconds: grace }),
    ...(propagation === null
      ? {}
      : { propagation: propagation as NonNullable<DeleteOptions['propagation']> }),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof version === 'string' ? { resourceVersion: version } : {}),
  }
}

function graceFrom(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
  const seconds = Number(text)
  if (!Number.isSafeInteger(seconds))
    throw badRequest(`strconv.ParseInt: parsing "${text}": value out of range`)
  return seconds
}

function graceIn(value: unknown): number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw unreadable('gracePeriodSeconds', value)
}

function dryRunOf(query: URLSearchParams, inBody: unknown): boolean {
  if (!Array.isArray(inBody)) throw unreadable('dryRun', inBody)
  const stray = inBody.find((value) => value !== 'All')
  if (stray !== undefined)
    throw invalid('dryRun', `Unsupported value: []string{${JSON.stringify(stray)}}: supported values: "All"`)
  return query.has('dryRun') || inBody.length > 0
}

const invalid = (field: string, message: string): StatusError =>
  new StatusError(422, 'Invalid', `DeleteOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'DeleteOptions',
    causes: [
      {
        reason: message.startsWith('Unsupported') ? 'FieldValueNotSupported' : 'FieldValueInvalid',
        message,
        field,
      },
    ],
  })

const unreadable = (field: string, value: unknown): StatusError =>
  badRequest(
    `json: cannot unmarshal ${jsonKind(value)} into Go struct field DeleteOptions${field === '' ? '' : `.${field}`}`,
  )
