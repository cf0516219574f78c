/**
 * The one family of errors. An error says what happened (names and values in `message`), has a stable
 * `code` for scripts, a `hint` that is the next command to type or the next thing to look at, and the
 * foreign error it was translated from as `cause`.
 *
 * `kind` decides the exit code, in `cli/exit.ts` only:
 *   usage        the request was wrong (unknown lab, bad flag, bad YAML)       → 2
 *   undecided    the cluster could not answer (unreachable, forbidden, lost)    → 3
 *   interrupted  Ctrl-C or SIGTERM                                            → 130
 * Any other exception is a bug in sts-lab (exit 4).
 */
export type ErrorKind = 'usage' | 'undecided' | 'interrupted'

export class LabError extends Error {
  readonly kind: ErrorKind
  readonly code: string
  readonly hint: string | null

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LabError'
    this.kind = kind
    this.code = code
    this.hint = options.hint ?? null
  }
}

export const usageError = (code: string, message: string, hint?: string): LabError =>
  new LabError('usage', code, message, hint === undefined ? {} : { hint })

export const undecidedError = (code: string, message: string, hint?: string, cause?: unknown): LabError =>
  new LabError('undecided', code, message, { ...(hint === undefined ? {} : { hint }), cause })

export const interruptedError = (): LabError => new LabError('interrupted', 'interrupted', 'interrupted')
