import type { ExecResult } from '../ports.ts'

const STDOUT = 1
const STDERR = 2
const STATUS = 3
/** How much beyond the limit is read, and dropped, for the sake of the exit code. */
const OVERRUN_BYTES = 1024 * 1024

/** Gathers the frames of a v4/v5.channel.k8s.io stream: a channel's number, then its bytes. */
export class ExecOutput {
  readonly #maxBytes: number
  readonly #stdout: Buffer[] = []
  readonly #stderr: Buffer[] = []
  #stdoutBytes = 0
  #stderrBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** @returns the result once it is complete: the status has come, or there is far too much output. */
  take(frame: Buffer): ExecResult | null {
    const bytes = frame.subarray(1)
    switch (frame[0]) {
      case STDOUT:
        this.#keep(this.#stdout, bytes, this.#stdoutBytes)
        this.#stdoutBytes += bytes.length
        break
      case STDERR:
        this.#keep(this.#stderr, bytes, this.#stderrBytes)
        this.#stderrBytes += bytes.length
        break
      case STATUS:
        return this.#result(bytes.toString('utf8'))
      default:
        // Channels we did not ask for, such as v5's CLOSE (255), say nothing we need.
        return null
    }
    if (Math.max(this.#stdoutBytes, this.#stderrBytes) <= this.#maxBytes + OVERRUN_BYTES) return null
    return this.#with(null, `stopped: it printed more than ${this.#maxBytes} bytes`)
  }

  #keep(chunks: Buffer[], bytes: Buffer, before: number): void {
    const room = this.#maxBytes - before
    if (room > 0 && bytes.length > 0) chunks.push(bytes.subarray(0, room))
  }

  #result(statusText: string): ExecResult {
    const status = parse(statusText)
    if (status?.status === 'Success') return this.#with(0, null)
    const cause = status?.details?.causes?.find((c) => c.reason === 'ExitCode')
    const exitCode = Number(cause?.message ?? Number.NaN)
    if (!Number.isInteger(exitCode)) return this.#with(null, status?.message ?? statusText)
    return this.#couldNotStart(exitCode) ?? this.#with(exitCode, null)
  }

  /** Docker reports a command that it could not start as exit code 126 or 127 and its own words in the output. */
  #couldNotStart(exitCode: number): ExecResult | null {
    if (exitCode !== 126 && exitCode !== 127) return null
    const said = Buffer.concat([...this.#stdout, ...this.#stderr])
      .toString('utf8')
      .trim()
    if (!/^(OCI runtime exec failed|rpc error|exec failed)/.test(said)) return null
    return {
      exitCode: null,
      stdout: Buffer.alloc(0),
      stderr: Buffer.alloc(0),
      failure: said,
      truncated: false,
    }
  }

  #with(exitCode: number | null, failure: string | null): ExecResult {
    return {
      exitCode,
      stdout: Buffer.concat(this.#stdout),
      stderr: Buffer.concat(this.#stderr),
      failure,
      truncated: this.#stdoutBytes > this.#maxBytes,
    }
  }
}

interface ExecStatus {
  readonly status?: string
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] }
}

function parse(text: string): ExecStatus | null {
  try {
    const status: unknown = JSON.parse(text)
    return typeof status === 'object' ? (status as ExecStatus | null) : null
  } catch {
    // Old servers write plain text; the caller shows it as it is.
    return null
  }
}
