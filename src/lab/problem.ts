/** Something wrong with a lab file, where it is, and the line itself. */
export interface LabProblem {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  readonly message: string
  /** The line as it stands in the file. */
  readonly text: string
}

/** `file:line:column: message`, then the line with a caret under the place. */
export function formatProblem(problem: LabProblem): string {
  const gutter = `${String(problem.line).padStart(5)} | `
  const caret = `${' '.repeat(gutter.length + problem.column - 1)}^`
  const head = `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`
  return `${head}\n${gutter}${problem.text}\n${caret}`
}
