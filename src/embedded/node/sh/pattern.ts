const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: ' \\t\\n\\r\\f\\v',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
}

const escaped = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')

/** A shell pattern as the source of a regular expression. A backslash takes the meaning of what follows. */
export function patternSource(pattern: string): string {
  let source = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? ''
    if (character === '\\') {
      at += 1
      source += escaped(pattern[at] ?? '\\')
    } else if (character === '*') {
      // Several are one; a regular expression would try them all.
      while (pattern[at + 1] === '*') at += 1
      source += '[^]*'
    } else if (character === '?') source += '[^]'
    else if (character === '[') {
      const set = bracket(pattern, at)
      if (set === null) source += '\\['
      else {
        source += set.source
        at = set.end
      }
    } else source += escaped(character)
  }
  return source
}

function bracket(pattern: string, begin: number): { readonly source: string; readonly end: number } | null {
  let at = begin + 1
  const negated = pattern[at] === '!' || pattern[at] === '^'
  if (negated) at += 1
  let inside = ''
  for (let first = true; ; first = false) {
    const character = pattern[at]
    if (character === undefined) return null
    if (character === ']' && !first) break
    const named = character === '[' ? /\[:(\w+):\]/y : null
    if (named !== null) named.lastIndex = at
    const name = named?.exec(pattern)?.[1]
    if (name !== undefined) {
      inside += CLASSES[name] ?? ''
      at += name.length + 4
    } else if (character === '\\') {
      inside += escaped(pattern[at + 1] ?? '\\')
      at += 2
    } else {
      inside += character === '-' ? '-' : escaped(character)
      at += 1
    }
  }
  return { source: inside === '' ? (negated ? '[^]' : '[]') : `[${negated ? '^' : ''}${inside}]`, end: at }
}

/** Whether all of a text fits. A pattern that makes no sense fits nothing. */
export function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${patternSource(pattern)})$`).test(text)
  } catch {
    return false
  }
}

export const quotedForPattern = (text: string): string => text.replace(/[\\*?[\]!-]/g, '\\$&')
