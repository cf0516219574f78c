import type { ErrorKind } from '../errors.ts'
import { LabError } from '../errors.ts'

/** One reason inside a Status: which field, and what is wrong with it. */
export interface ApiCause {
  readonly reason: string
  readonly field: string
  readonly message: string
}

/** A refusal by the API server: anything but 2xx, or a Status of an ERROR event in a watch. */
export class ApiError extends LabError {
  readonly status: number
  /** The Status's own word (NotFound, Conflict, Invalid …); '' where the answer was no Status. */
  readonly reason: string
  readonly causes: readonly ApiCause[]
  /** The server's message as it came. */
  readonly serverMessage: string
  /** What the server asked us to wait (Retry-After or details.retryAfterSeconds). */
  readonly retryAfterMs: number | null

  constructor(refusal: Refusal, translated: Translation, request: string) {
    super(translated.kind, translated.code, `${translated.message ?? refusal.message}${request}`, {
      ...(translated.hint === undefined ? {} : { hint: translated.hint }),
    })
    this.status = refusal.status
    this.reason = refusal.reason
    this.causes = refusal.causes
    this.serverMessage = refusal.message
    this.retryAfterMs = refusal.retryAfterMs
  }
}

/** An answer that is not 2xx, taken apart. */
interface Refusal {
  readonly status: number
  readonly reason: string
  readonly message: string
  readonly causes: readonly ApiCause[]
  readonly retryAfterMs: number | null
  /** What it is about, such as `namespaces` and a name; '' where it does not say. */
  readonly about: { readonly resource: string; readonly name: string }
}

interface Translation {
  readonly kind: ErrorKind
  readonly code: string
  readonly hint?: string
  readonly message?: string
}

/**
 * The one place that translates what an API server refused.
 * @param body a Status, any other JSON, or text (a proxy's HTML page)
 * @param what the request, such as "GET /api/v1/namespaces"; shown only where the server gave no Status
 */
export function apiError(status: number, body: unknown, retryAfter?: string, what = 'the request'): ApiError {
  const refusal = takeApart(status, body, retryAfter)
  return new ApiError(refusal, translate(refusal), refusal.reason === '' ? ` (${what})` : '')
}

function takeApart(httpStatus: number, body: unknown, retryAfter: string | undefined): Refusal {
  const status = record(body)
  if (status.kind !== 'Status') {
    const excerpt = typeof body === 'string' ? firstWords(body) : ''
    const message = `the server answered ${httpStatus} without saying why${excerpt === '' ? '' : `: ${excerpt}`}`
    return {
      status: httpStatus,
      reason: '',
      message,
      causes: [],
      retryAfterMs: waitOf(retryAfter),
      about: { resource: '', name: '' },
    }
  }
  const details = record(status.details)
  const causes = Array.isArray(details.causes) ? details.causes.map(record) : []
  const seconds = typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds * 1000 : null
  return {
    // The Status's code is the truth where a watch carries it in an answer of 200.
    status: typeof status.code === 'number' ? status.code : httpStatus,
    reason: text(status.reason) || 'Unknown',
    message: text(status.message) || `the server answered ${httpStatus}`,
    causes: causes.map((c) => ({ reason: text(c.reason), field: text(c.field), message: text(c.message) })),
    retryAfterMs: waitOf(retryAfter) ?? seconds,
    about: { resource: text(details.kind), name: text(details.name) },
  }
}

function translate(refusal: Refusal): Translation {
  const { status, reason, message, causes } = refusal
  const has = (cause: string) => causes.some((c) => c.reason === cause)
  switch (status) {
    case 400:
    case 422:
      return isUnknownField(message)
        ? { kind: 'usage', code: 'unknown-field' }
        : { kind: 'usage', code: 'invalid' }
    case 401:
      return {
        kind: 'undecided',
        code: 'unauthorized',
        message: `the cluster does not accept the kubeconfig's credentials (${message})`,
        hint: 'log in to the cluster again, then try: kubectl get namespaces',
      }
    case 403:
      if (has('NamespaceTerminating')) {
        return { kind: 'undecided', code: 'namespace-terminating', hint: 'wait until the namespace is gone' }
      }
      // A full quota is a 403 Forbidden like a missing right: only its text tells them apart.
      if (message.includes('exceeded quota')) {
        return {
          kind: 'undecided',
          code: 'quota',
          hint: 'look at: kubectl describe resourcequota -n <namespace>',
        }
      }
      return { kind: 'undecided', code: 'forbidden', hint: 'what you may do: kubectl auth can-i --list' }
    case 404:
      return { kind: 'undecided', code: 'not-found', ...namespaceHint(refusal) }
    case 405:
    case 415:
      return {
        kind: 'undecided',
        code: 'unsupported',
        hint: 'the API server may be too old: kubectl version',
      }
    case 409:
      if (reason === 'AlreadyExists') return { kind: 'undecided', code: 'already-exists' }
      if (has('FieldManagerConflict')) return { kind: 'usage', code: 'conflict', message: conflicts(causes) }
      return { kind: 'undecided', code: 'conflict' }
    case 410:
      return { kind: 'undecided', code: 'gone' }
    case 413:
      return { kind: 'usage', code: 'too-large' }
    case 429:
      return { kind: 'undecided', code: 'too-many-requests', hint: 'the API server is busy: try again' }
    case 500:
      // Kubernetes before 1.25 reports the user's typo as its own failure; no reason or cause tells it apart.
      if (isUnknownField(message)) return { kind: 'usage', code: 'unknown-field' }
      if (message.startsWith('failed to create typed patch object')) return { kind: 'usage', code: 'invalid' }
      // etcd changing its leader, or slow: the text is all there is.
      if (/etcdserver: |timed? ?out|leader changed/.test(message)) return unavailable()
      return {
        kind: 'undecided',
        code: 'server-error',
        hint: 'what the cluster says of itself: kubectl get --raw /readyz?verbose',
      }
    case 502:
    case 503:
    case 504:
      return unavailable()
    default:
      return { kind: 'undecided', code: 'unexpected-answer' }
  }
}

const namespaceHint = ({ about }: Refusal): { readonly hint?: string } =>
  about.resource === 'namespaces' ? { hint: `create it first: kubectl create namespace ${about.name}` } : {}

const unavailable = (): Translation => ({
  kind: 'undecided',
  code: 'unavailable',
  hint: 'is the cluster still starting? kubectl get --raw /readyz?verbose',
})

const isUnknownField = (message: string): boolean =>
  message.includes('field not declared in schema') || message.includes('unknown field "')

/** "spec.replicas belongs to kubectl-client-side-apply, …": the manager stands only in the cause's text. */
function conflicts(causes: readonly ApiCause[]): string {
  const lines = causes.map((c) => `${c.field.replace(/^\./, '')} (${c.message})`)
  return `others own fields that this would change: ${lines.join(', ')}`
}

function waitOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null
  const seconds = Number(retryAfter)
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000
  const date = Date.parse(retryAfter)
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now())
}

/** An HTML error page is mostly markup; what a person would read of it is enough. */
const firstWords = (body: string): string =>
  body
    .slice(0, 4000)
    .replace(/<[^>]*>/g, ' ')
    // A foreign server's text must not steer the terminal.
    .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ')
    .trim()
    .slice(0, 200)

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
