import type { JsonObject } from './object.ts'

export interface StatusCause {
  readonly reason?: string
  readonly message?: string
  readonly field?: string
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly uid?: string
  readonly causes?: readonly StatusCause[]
  readonly retryAfterSeconds?: number
}

/** What kind of object a message is about. `plural` is what NotFound and AlreadyExists speak of. */
export interface Named {
  readonly group: string
  readonly plural: string
  readonly kind: string
}

/** A refusal, worded and coded as the real API server does it. Thrown by everything behind the HTTP door. */
export class StatusError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'StatusError'
    this.code = code
    this.reason = reason
    this.details = details
  }

  /** The body of the answer. */
  toStatus(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

const qualified = ({ group, plural }: Named): string => (group === '' ? plural : `${plural}.${group}`)

/** Details speak of the plural where the real server's do. */
const about = (of: Named, name: string): StatusDetails => ({
  name,
  ...(of.group === '' ? {} : { group: of.group }),
  kind: of.plural,
})

export const notFound = (of: Named, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${qualified(of)} "${name}" not found`, about(of, name))

export const noSuchPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {})

export const alreadyExists = (of: Named, name: string): StatusError =>
  new StatusError(409, 'AlreadyExists', `${qualified(of)} "${name}" already exists`, about(of, name))

export const conflict = (of: Named, name: string, what: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${what}`,
    about(of, name),
  )

export const staleVersion = (of: Named, name: string): StatusError =>
  conflict(
    of,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  )

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message)

export const forbidden = (of: Named, name: string, why: string): StatusError =>
  new StatusError(403, 'Forbidden', `${qualified(of)} "${name}" is forbidden: ${why}`, about(of, name))

export const unauthorized = (): StatusError => new StatusError(401, 'Unauthorized', 'Unauthorized')

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  )

/** For what a real cluster would keep, and this one has nothing for that would act on it. */
export const notKept = (of: Named): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    `this simulated cluster has no ${of.plural}: nothing in it would act on a ${of.kind}`,
    {},
  )

export const unsupportedMediaType = (supported: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${supported.join(', ')}`,
  )

export const notAcceptable = (supported: readonly string[]): StatusError =>
  new StatusError(
    406,
    'NotAcceptable',
    `only the following media types are accepted: ${supported.join(', ')}`,
  )

export const expired = (message: string): StatusError => new StatusError(410, 'Expired', message)
