/** The lines of a file, whatever ends them. */
export const textLines = (text: string): readonly string[] => text.split(/\r?\n/)

/** Spaces and tabs before the first other character. */
export const indentOf = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0
