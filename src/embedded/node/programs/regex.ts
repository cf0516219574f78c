const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
}

/** A POSIX regular expression as JavaScript's. @throws SyntaxError as RegExp does */
export function posixRegex(pattern: string, kind: 'basic' | 'extended' | 'fixed', flags = ''): RegExp {
  if (kind === 'fixed') return new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags)
  let source = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? ''
    if (character === '[') {
      const [inside, end] = bracket(pattern, at)
      source += inside
      at = end
    } else if (character === '\\') {
      at += 1
      const next = pattern[at] ?? '\\'
      if (kind === 'basic' && '(){}|+?'.includes(next)) source += next
      else if (/[1-9wWsSbB]/.test(next)) source += `\\${next}`
      else if (next === '<' || next === '>') source += '\\b'
      else if (next === 'n') source += '\\n'
      else if (next === 't') source += '\\t'
      else source += next.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
    } else if (kind === 'basic' && '+?(){}|'.includes(character)) source += `\\${character}`
    else if (kind === 'basic' && character === '*' && (source === '' || source === '^')) source += '\\*'
    else if (kind === 'basic' && character === '^' && at > 0 && pattern.slice(at - 2, at) !== '\\(')
      source += '\\^'
    else if (
      kind === 'basic' &&
      character === '$' &&
      at < pattern.length - 1 &&
      pattern.slice(at + 1, at + 3) !== '\\)'
    )
      source += '\\$'
    else source += character
  }
  return new RegExp(source, flags)
}

function bracket(pattern: string, begin: number): readonly [string, number] {
  let at = begin + 1
  let inside = '['
  if (pattern[at] === '^') {
    inside += '^'
    at += 1
  }
  for (let first = true; at < pattern.length; first = false) {
    const character = pattern[at] ?? ''
    if (character === ']' && !first) return [`${inside}]`, at]
    const named = /^\[:(\w+):\]/.exec(pattern.slice(at))
    if (named !== null) {
      inside += CLASSES[named[1] ?? ''] ?? ''
      at += named[0].length
      continue
    }
    inside += /[\\[\]^]/.test(character) ? `\\${character}` : character
    at += 1
  }
  throw new SyntaxError('brackets ([ ]) not balanced')
}
