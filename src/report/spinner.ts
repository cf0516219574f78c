import type { Terminal } from '../ports.ts'
import { printable } from '../timeline/printable.ts'

/**
 * Shows a spinner on stderr while `work` runs, for the moments before and after a board: connecting,
 * cleaning up. Off a terminal it says the text once. Leaves no line behind. Whatever `work` does, it must not prompt.
 */
export async function withSpinner<T>(terminal: Terminal, text: string, work: () => Promise<T>): Promise<T> {
  const clean = printable(text, 200)
  if (!terminal.interactive) {
    terminal.err(`${clean}\n`)
    return work()
  }
  // ora costs as much start-up as the whole command table.
  const { default: ora } = await import('ora')
  const spinner = ora({
    text: clean,
    stream: asStream(terminal),
    isEnabled: true,
    color: (terminal.progressColour ?? terminal.colour) ? 'cyan' : false,
    ...((terminal.unicode ?? true) ? {} : { spinner: 'line' as const }),
    // Ctrl-C must stay a signal, and the cursor is the terminal's own affair.
    discardStdin: false,
    hideCursor: false,
  })
  terminal.err('\u001b[?25l')
  spinner.start()
  try {
    return await work()
  } finally {
    spinner.stop()
    terminal.err('\u001b[?25h')
  }
}

/** The few methods of a terminal stream that ora calls, over a Terminal. */
function asStream(terminal: Terminal): NodeJS.WritableStream {
  const stream = {
    isTTY: true,
    get columns() {
      return terminal.columns
    },
    get rows() {
      return terminal.rows ?? 24
    },
    write(text: string) {
      terminal.err(text)
      return true
    },
    cursorTo: (column: number) => stream.write(`\u001b[${column + 1}G`),
    moveCursor: (_dx: number, dy: number) =>
      dy === 0 ? true : stream.write(`\u001b[${Math.abs(dy)}${dy < 0 ? 'A' : 'B'}`),
    clearLine: () => stream.write('\u001b[2K'),
    on: () => stream,
    once: () => stream,
    off: () => stream,
    removeListener: () => stream,
  }
  // ora asks for a whole stream and uses these.
  return stream as unknown as NodeJS.WritableStream
}
