import { writeSync } from 'node:fs'
import type { Terminal } from '../ports.ts'

/** The parts of a process stream that a terminal needs. */
export interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): boolean
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

export interface TerminalOptions {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** `--no-color` was given. */
  readonly noColour?: boolean
}

export interface ProcessTerminal extends Terminal {
  /** True after a write that hid the cursor, until one that shows it again. */
  readonly cursorHidden: boolean
}

const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

/**
 * A Terminal over streams. A reader that went away (`sts-lab verify | head`) ends the writing quietly:
 * the run carries on, puts the set back and keeps its exit code. Any other write error is thrown, since
 * a result that could not be written must not look like one that was.
 */
export function createTerminal(options: TerminalOptions): ProcessTerminal {
  const { stdin, stdout, stderr, env } = options
  const closed = { stdout: false, stderr: false }
  let cursorHidden = false
  stdout.on('error', (error) => {
    if (!readerIsGone(error)) throw error
    closed.stdout = true
  })
  stderr.on('error', (error) => {
    if (!readerIsGone(error)) throw error
    closed.stderr = true
  })
  return {
    // Prompts and redrawn boards need a keyboard, a screen, and one that understands cursor movement.
    interactive: stdin.isTTY === true && stderr.isTTY === true && env.TERM !== 'dumb',
    colour: wantsColour(stdout, options),
    progressColour: wantsColour(stderr, options),
    unicode: speaksUnicode(env, options.platform),
    get columns() {
      return stderr.columns ?? stdout.columns ?? positive(env.COLUMNS) ?? 80
    },
    get rows() {
      return stderr.rows ?? stdout.rows ?? positive(env.LINES) ?? 24
    },
    get cursorHidden() {
      return cursorHidden
    },
    out(text) {
      if (!closed.stdout) stdout.write(text)
    },
    err(text) {
      const hides = text.lastIndexOf(hideCursor)
      const shows = text.lastIndexOf(showCursor)
      if (hides !== shows) cursorHidden = hides > shows
      if (!closed.stderr) stderr.write(text)
    },
  }
}

/** The Terminal of this process. Whatever ends the process, a cursor that is still hidden is shown again. */
export function processTerminal(options: { readonly noColour?: boolean } = {}): ProcessTerminal {
  const { stdin, stdout, stderr, env, platform } = process
  const terminal = createTerminal({ stdin, stdout, stderr, env, platform, ...options })
  process.on('exit', () => {
    // Only synchronous writes still happen here.
    if (terminal.cursorHidden) writeSync(stderr.fd, showCursor)
  })
  return terminal
}

// EIO is what a terminal that was closed answers.
const readerIsGone = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ERR_STREAM_DESTROYED'

/** `--no-color` over FORCE_COLOR over NO_COLOR (https://no-color.org: set and not empty) over what the stream is. */
function wantsColour(stream: TerminalStream, { env, noColour }: TerminalOptions): boolean {
  if (noColour === true) return false
  const force = env.FORCE_COLOR
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (env.NO_COLOR) return false
  return stream.isTTY === true && env.TERM !== 'dumb'
}

function speaksUnicode(env: TerminalOptions['env'], platform: NodeJS.Platform): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG
  if (locale) return /utf-?8/i.test(locale)
  // Windows has no locale variables, and a Mac's terminal is UTF-8 without them.
  return platform === 'win32' || platform === 'darwin'
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}
