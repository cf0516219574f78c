import { posix } from 'node:path'

/** One import statement of a module. */
export interface Import {
  readonly specifier: string
  readonly line: number
  /** `import type`, `export type`, or braces that hold only `type` names: gone at run time. */
  readonly typeOnly: boolean
  /** `import('…')`: loaded only when reached. */
  readonly lazy: boolean
}

const STATIC =
  /(?<=^|[;\n])[ \t]*(?:import|export)\b(?<clause>[^'"`;=()]*?)(?:\bfrom\b\s*)?['"](?<specifier>[^'"\n]+)['"]/g
const DYNAMIC = /(?<type>typeof\s+)?\bimport\(\s*['"](?<specifier>[^'"\n]+)['"]/g

/** The imports of a TypeScript module, in order, type imports and `import()` included. */
export function importsOf(source: string): readonly Import[] {
  const text = withoutComments(source)
  const found: (Import & { at: number })[] = []
  for (const match of text.matchAll(STATIC)) {
    const { clause = '', specifier = '' } = match.groups ?? {}
    // `export const x = …` has an `=` before any string, `import 'x'` has no clause; what is left is an import.
    const at = match.index + match[0].search(/\S/)
    found.push({ specifier, at, line: lineAt(text, at), typeOnly: isTypeOnly(clause), lazy: false })
  }
  for (const match of text.matchAll(DYNAMIC)) {
    const specifier = match.groups?.specifier ?? ''
    found.push({
      specifier,
      at: match.index,
      line: lineAt(text, match.index),
      typeOnly: match.groups?.type !== undefined,
      lazy: true,
    })
  }
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...rest }) => rest)
}

/** Where a relative import leads, as a path like the importer's; a package name stays as it is. */
export const resolveImport = (from: string, specifier: string): string =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : specifier

function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b(?!\s*,|\s+from\b)/.test(clause)) return true
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.names
  if (names === undefined) return false
  const each = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return each.length > 0 && each.every((name) => /^type\s/.test(name))
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** Blanks comments, keeping line numbers. Strings are stepped over, so that a URL in one is no comment. */
function withoutComments(source: string): string {
  return source.replace(
    /(?<kept>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (all, kept: string | undefined) => kept ?? all.replace(/[^\n]/g, ' '),
  )
}
