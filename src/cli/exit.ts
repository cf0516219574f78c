import { LabError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Terminal } from '../ports.ts'
import { printable } from '../timeline/printable.ts'
import { sentence } from './sentence.ts'

/** Tells an error to the person and maps it to its exit code: the one place that does either. */
export function reportError(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof LabError) {
    if (error.kind === 'interrupted') {
      terminal.err('interrupted\n')
      return EXIT.interrupted
    }
    terminal.err(`${sentence(`sts-lab: ${lines(error.message)}`, terminal)}\n`)
    if (error.hint !== null) terminal.err(`  → ${lines(error.hint)}\n`)
    return error.kind === 'usage' ? EXIT.usage : EXIT.undecided
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  terminal.err(`sts-lab: this is a bug in sts-lab, please report it\n${lines(detail)}\n`)
  return EXIT.bug
}

/** Messages may quote what a student or a server wrote. */
const lines = (text: string): string =>
  text
    .split('\n')
    .map((line) => printable(line, 2_000))
    .join('\n')
