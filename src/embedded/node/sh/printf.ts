import { OutOfMemory } from '../os/memory.ts'

/** What backslashes mean in `echo -e` and formats. `stop`: \c was seen. */
export function unescaped(
  text: string,
  octal: 'echo' | 'format',
): { readonly text: string; readonly stop: boolean } {
  const simple: Readonly<Record<string, string>> = {
    a: '\x07',
    b: '\b',
    e: '\x1b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '\\': '\\',
  }
  let result = ''
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character !== '\\' || at + 1 >= text.length) {
      result += character
      continue
    }
    const rest = text.slice(at + 1)
    if (rest.startsWith('c')) return { text: result, stop: true }
    const code =
      (octal === 'echo' ? /^0[0-7]{0,3}/ : /^[0-7]{1,3}/).exec(rest)?.[0] ?? /^[0-7]{1,3}/.exec(rest)?.[0]
    const hex = /^x[0-9a-fA-F]{1,2}/.exec(rest)?.[0]
    const plain = simple[rest[0] ?? '']
    if (code !== undefined) {
      result += String.fromCharCode(Number.parseInt(code, 8) & 255)
      at += code.length
    } else if (hex !== undefined) {
      result += String.fromCharCode(Number.parseInt(hex.slice(1), 16))
      at += hex.length
    } else if (plain !== undefined) {
      result += plain
      at += 1
    } else result += '\\'
  }
  return { text: result, stop: false }
}

/** Of one call: more would be asked of this very process. */
const MAX_BYTES = 4 * 1024 * 1024
/** As many JavaScript can give. */
const MAX_DIGITS = 100

export interface Printed {
  readonly text: string
  readonly errors: readonly string[]
}

const DIRECTIVE = /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:[hlLqjzt]*)([a-zA-Z%])?/y

/** The printf of the shell: the format again and again until the arguments are used up. */
export function printf(format: string, args: readonly string[]): Printed {
  const errors: string[] = []
  // Taken from the end: that is quick, however many there are.
  const left = [...args].reverse()
  let text = ''
  for (;;) {
    const before = left.length
    const round = once(format, left, errors)
    text += round.text
    if (text.length > MAX_BYTES) throw new OutOfMemory()
    if (round.stop || left.length === 0 || left.length === before) return { text, errors }
  }
}

function once(
  format: string,
  left: string[],
  errors: string[],
): { readonly text: string; readonly stop: boolean } {
  let text = ''
  for (let at = 0; at < format.length; ) {
    const percent = format.indexOf('%', at)
    const plain = unescaped(format.slice(at, percent < 0 ? undefined : percent), 'format')
    text += plain.text
    if (plain.stop) return { text, stop: true }
    if (percent < 0) break
    DIRECTIVE.lastIndex = percent
    const [whole = '%', flags = '', widthText, precisionText, conversion] = DIRECTIVE.exec(format) ?? []
    at = percent + whole.length
    if (conversion === '%') {
      text += '%'
      continue
    }
    const star = (value: string | undefined) =>
      value === '*' ? Number(left.pop() ?? 0) : value === undefined ? null : Number(value)
    const width = star(widthText)
    const precision = whole.includes('.') ? (star(precisionText) ?? 0) : null
    if (conversion === undefined || !'sbcdiouxXeEfgG'.includes(conversion)) {
      errors.push(`${whole}: invalid format`)
      return { text, stop: true }
    }
    if (Math.abs(width ?? 0) > MAX_BYTES || (precision ?? 0) > MAX_BYTES) throw new OutOfMemory()
    const argument = left.pop()
    if (conversion === 'b') {
      const found = unescaped(argument ?? '', 'echo')
      text += padded(found.text, flags, width)
      if (found.stop) return { text, stop: true }
    } else text += padded(converted(conversion, flags, precision, argument, errors), flags, width)
  }
  return { text, stop: false }
}

function converted(
  conversion: string,
  flags: string,
  precision: number | null,
  argument: string | undefined,
  errors: string[],
): string {
  if (conversion === 's') return (argument ?? '').slice(0, precision ?? undefined)
  if (conversion === 'c') return (argument ?? '').slice(0, 1)
  if ('eEfgG'.includes(conversion)) {
    const value = Number(argument ?? 0)
    const sign = value >= 0 && flags.includes('+') ? '+' : ''
    if (conversion === 'f') return sign + value.toFixed(Math.min(precision ?? 6, MAX_DIGITS))
    if (conversion === 'e' || conversion === 'E') {
      const shown = value
        .toExponential(Math.min(precision ?? 6, MAX_DIGITS))
        .replace(/e([+-])(\d)$/, 'e$10$2')
      return sign + (conversion === 'E' ? shown.toUpperCase() : shown)
    }
    return sign + String(Number(value.toPrecision(Math.min(Math.max(precision ?? 6, 1), MAX_DIGITS))))
  }
  let value = 0n
  const text = (argument ?? '').trim()
  if (/^['"]/.test(text)) value = BigInt(text.charCodeAt(1) || 0)
  else
    try {
      const negative = text.startsWith('-')
      const digits = text.replace(/^[-+]/, '')
      value =
        digits === '' && argument !== undefined && text !== ''
          ? 0n
          : BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
      if (negative) value = -value
    } catch {
      errors.push(`invalid number '${argument ?? ''}'`)
    }
  const unsigned = value < 0n ? BigInt.asUintN(64, value) : value
  let shown: string
  switch (conversion) {
    case 'o':
      shown = (flags.includes('#') ? '0' : '') + unsigned.toString(8)
      break
    case 'x':
      shown = (flags.includes('#') ? '0x' : '') + unsigned.toString(16)
      break
    case 'X':
      shown = (flags.includes('#') ? '0X' : '') + unsigned.toString(16).toUpperCase()
      break
    case 'u':
      shown = unsigned.toString()
      break
    default: {
      const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
      return sign + String(value < 0n ? -value : value).padStart(precision ?? 0, '0')
    }
  }
  return shown.padStart(precision ?? 0, '0')
}

function padded(text: string, flags: string, width: number | null): string {
  if (width === null) return text
  const size = Math.abs(width)
  if (flags.includes('-') || width < 0) return text.padEnd(size)
  if (flags.includes('0') && /^[-+ ]?[\da-fA-Fx.]+$/.test(text)) {
    const sign = /^[-+ ]/.exec(text)?.[0] ?? ''
    return sign + text.slice(sign.length).padStart(size - sign.length, '0')
  }
  return text.padStart(size)
}
