import type { Terminal } from '../ports.ts'
import { cellWidth, wrap } from '../report/layout.ts'

/**
 * For a screen, lines that are too long for it are broken between words, where a terminal would break in the middle
 * of one. Lines that fit or are indented (a quotation, a caret under it) stay; a log gets all as it is.
 */
export const sentence = (
  text: string,
  { interactive, columns }: Pick<Terminal, 'interactive' | 'columns'>,
): string =>
  interactive
    ? text
        .split('\n')
        .flatMap((line) => (cellWidth(line) < columns || /^\s/.test(line) ? line : wrap(line, columns - 1)))
        .join('\n')
    : text
