import { textOf } from '../os/errno.ts'
import type { Task } from '../os/fiber.ts'
import type { Process } from '../os/process.ts'

/** What a file holds, '-' for standard input; null with a complaint when it cannot be read. */
export function* contentOf(
  process: Process,
  name: string,
  path: string,
  verb = "can't open ",
): Task<string | null> {
  try {
    return path === '-' ? yield* process.readAll(0) : yield* process.readFile(path)
  } catch (error) {
    const quote = verb === '' ? '' : "'"
    yield* process.warn(`${name}: ${verb}${quote}${path}${quote}: ${textOf(error)}\n`)
    return null
  }
}

export const linesOf = (text: string): string[] => {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
