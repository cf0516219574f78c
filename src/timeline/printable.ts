/**
 * What a pod, a student or a server wrote, made safe to show on one line of a terminal: control characters
 * (ANSI escapes begin with one), bidirectional overrides, invisible characters and lone surrogates become
 * visible escapes such as `\x1b` or `\u202e`. Everything else stays as it is.
 *
 * @param maxLength longest result in UTF-16 units; what is longer ends in `…`.
 */
export function printable(text: string, maxLength = 200): string {
  // Escaping can only lengthen, so nothing beyond maxLength + 1 units can be shown: bounds the work on huge files.
  const shown = text.slice(0, maxLength + 1)
  let result = ''
  for (const character of shown) {
    const piece = UNSAFE.test(character) ? escapeOf(character) : character
    if (result.length + piece.length > maxLength) return `${cutTo(result, maxLength - 1)}…`
    result += piece
  }
  return result
}

/** A text of several lines made safe line by line: real line breaks stay, a tab becomes two spaces. */
export function printableLines(
  text: string,
  options: { maxLines?: number; maxLength?: number } = {},
): string[] {
  const { maxLines = 20, maxLength = 200 } = options
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const shown = lines.slice(0, maxLines).map((line) => printable(line.replaceAll('\t', '  '), maxLength))
  const left = lines.length - maxLines
  return left > 0 ? [...shown, `… ${left} more ${left === 1 ? 'line' : 'lines'}`] : shown
}

// C0, DEL, C1; soft hyphen; Arabic letter mark; zero-width and bidi controls; line and paragraph separators;
// word joiner … invisible operators, bidi isolates; BOM; interlinear marks; tag characters; lone surrogates.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/u

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeOf(character: string): string {
  const named = NAMED[character]
  if (named !== undefined) return named
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Cuts without leaving half of a surrogate pair. */
function cutTo(text: string, length: number): string {
  const cut = text.slice(0, Math.max(0, length))
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}
