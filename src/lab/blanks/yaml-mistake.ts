import { isMap, isNode, isPair, isScalar, visit } from 'yaml'
import type { LabText } from '../lab-text.ts'
import type { LabProblem } from '../problem.ts'
import { indentOf, textLines } from './text-lines.ts'

/**
 * Why a file is not YAML, in words for somebody who has just made the slip, at the place of the slip. Only the
 * first: what the parser says after it mostly follows from it. Null when it is fine.
 */
export function yamlMistake(source: LabText, text: string): LabProblem | null {
  const [first] = [...source.document.errors].sort((a, b) => a.pos[0] - b.pos[0])
  if (first !== undefined) return explain(first.code, first.message, first.pos[0], source, text)
  try {
    const data: unknown = source.document.toJS()
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return null
    return source.problemAtOffset(
      0,
      'this is no manifest any more: it has to begin with keys such as apiVersion and kind',
    )
  } catch (error) {
    // An alias without its anchor, or aliases that multiply without end.
    const why = error instanceof Error ? error.message : String(error)
    return source.problemAtOffset(aliasOffset(source), `not valid YAML: ${why}`)
  }
}

function explain(code: string, message: string, offset: number, source: LabText, text: string): LabProblem {
  const at = source.problemAtOffset(offset, '')
  const lines = textLines(text)
  const say = (line: number, column: number, words: string): LabProblem => ({
    file: source.file,
    line,
    column,
    message: words,
    text: lines[line - 1] ?? '',
  })
  const here = (words: string): LabProblem => say(at.line, at.column, words)
  const quote = openQuote(lines, at.line)
  if (quote !== null && code !== 'TAB_AS_INDENT' && code !== 'DUPLICATE_KEY')
    return say(quote.line, quote.column, `this quote ${quote.mark} is opened and not closed on its line`)
  const line = lines[at.line - 1] ?? ''
  switch (code) {
    case 'TAB_AS_INDENT':
      return here('there is a tab here: YAML is indented with spaces only')
    case 'DUPLICATE_KEY':
      return duplicateKey(offset, source) ?? here('this key stands twice in the same block')
    case 'MULTIPLE_DOCS':
      return here('a second document begins here (---): this file is to hold one')
    case 'BAD_SCALAR_START':
      return here(`a value cannot begin with ${line[at.column - 1] ?? 'this'}: put it in quotes`)
    case 'BAD_DQ_ESCAPE':
      return here('a backslash in double quotes begins an escape: use single quotes')
    case 'MISSING_CHAR':
      if (/Sequence item/.test(message)) return inItem(lines, at.line, say)
      return /between flow/.test(message) ? here('a comma is missing before this') : brokenKey(lines, at, say)
    case 'BAD_INDENT': {
      const open = /must be sufficiently indented and end with a (.)/.exec(message)?.[1]
      if (open === undefined) return oddIndent(lines, at.line, say)
      const mark = open === ']' ? '[' : '{'
      const opened = lastOpen(lines, at.line, mark, open)
      return opened === null
        ? here(`a ${open} is missing before this line`)
        : say(opened.line, opened.column, `what is opened here with ${mark} is not closed with ${open}`)
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return brokenKey(lines, at, say)
    case 'UNEXPECTED_TOKEN':
      return here('this does not belong here: is a quote, a comma or a colon missing before it?')
    default:
      return here(`not valid YAML: ${message}`)
  }
}

/** Where the first key of a line begins, after the dashes of list items. */
const keyColumn = (line: string): number => (/^\s*(?:-\s+)*/.exec(line)?.[0].length ?? 0) + 1

type Say = (line: number, column: number, words: string) => LabProblem

const NO_SPACE = /^[\s-]*([\w./-]+):([^\s:/#][^\s]*)/

const spaceAfterColon = (found: RegExpExecArray, line: string, number: number, say: Say): LabProblem =>
  say(
    number,
    line.indexOf(':') + 2,
    `there has to be a space after the colon: "${found[1] ?? ''}: ${found[2] ?? ''}"`,
  )

/** The parser stumbles over a line that is no "key: value", or over the next one that hangs on to it. */
function brokenKey(lines: readonly string[], at: LabProblem, say: Say): LabProblem {
  const line = lines[at.line - 1] ?? ''
  const noSpace = NO_SPACE.exec(line)
  if (noSpace !== null) return spaceAfterColon(noSpace, line, at.line, say)
  const two = /^[\s-]*[\w./-]+:\s+[^"'#\s][^"'#]*?:(\s|$)/.exec(line)
  if (two !== null)
    return say(
      at.line,
      two[0].trimEnd().length,
      'a second colon in one line: put the value in quotes, or begin a new line',
    )
  if (!/^[\s-]*[^\s#][^#]*:(\s|$)/.test(line))
    return say(
      at.line,
      indentOf(line) + 1,
      'a colon is missing here: every line is "key: value", or begins a block with "key:"',
    )
  const dash = /^(\s*)-[\w.]/.exec(line)
  if (dash !== null) return say(at.line, (dash[1] ?? '').length + 1, 'there has to be a space after the dash')
  const deeper = lines.findIndex((each, index) => index >= at.line && /^\s*[^\s#]/.test(each))
  const next = lines[deeper] ?? ''
  if (deeper >= 0 && indentOf(next) > indentOf(line))
    return say(
      deeper + 1,
      indentOf(next) + 1,
      `this line is indented deeper than line ${at.line}, which has a value already: begin it in column ${keyColumn(line)}`,
    )
  return say(at.line, at.column, 'this is neither "key: value" nor the beginning of a block')
}

/** A key that begins where no block above it does. */
function oddIndent(lines: readonly string[], number: number, say: Say): LabProblem {
  const own = indentOf(lines[number - 1] ?? '')
  const above = lines.findLastIndex((line, index) => index < number - 1 && /^\s*[^\s#]/.test(line))
  const line = lines[above] ?? ''
  if (/^\s*-/.test(line)) return inItem(lines, number, say)
  const there = `line ${above + 1} begins in column ${indentOf(line) + 1}, this one in column ${own + 1}`
  return say(number, own + 1, `${there}: keys of the same block begin in the same column`)
}

/** A line below a list item that is not aligned with the item's first key. */
function inItem(lines: readonly string[], number: number, say: Say): LabProblem {
  const column = indentOf(lines[number - 1] ?? '') + 1
  const above = lines.findLastIndex((line, index) => index < number - 1 && /^\s*-\s+\S/.test(line))
  const item = lines[above] ?? ''
  const noSpace = NO_SPACE.exec(item)
  if (noSpace !== null) return spaceAfterColon(noSpace, item, above + 1, say)
  return say(
    number,
    column,
    `this line belongs to the list item of line ${above + 1}: begin it in column ${keyColumn(item)}, below the word after the dash`,
  )
}

/** A value that begins with a quote and does not end with one, at or before the line where the parser gave up. */
function openQuote(
  lines: readonly string[],
  upTo: number,
): { readonly line: number; readonly column: number; readonly mark: string } | null {
  for (const [index, line] of lines.slice(0, upTo).entries()) {
    const begun = /^(?:[^#"']*?[:[,{-]\s*|\s*)(["'])/.exec(line)
    const mark = begun?.[1]
    if (begun === null || mark === undefined) continue
    const rest = line.slice(begun[0].length).replaceAll(mark === '"' ? '\\"' : "''", '')
    if (!rest.includes(mark)) return { line: index + 1, column: begun[0].length, mark }
  }
  return null
}

/** The last bracket before a line that is opened and not closed on its own line. */
function lastOpen(
  lines: readonly string[],
  before: number,
  mark: string,
  end: string,
): { readonly line: number; readonly column: number } | null {
  for (let index = before - 1; index >= 0; index--) {
    const line = lines[index] ?? ''
    const column = line.lastIndexOf(mark)
    if (column >= 0 && line.indexOf(end, column) < 0) return { line: index + 1, column: column + 1 }
  }
  return null
}

function duplicateKey(offset: number, source: LabText): LabProblem | null {
  let found: LabProblem | null = null
  visit(source.document, {
    Map(_key, map) {
      const pair = map.items.find(({ key }) => isNode(key) && key.range?.[0] === offset)
      if (pair === undefined || !isScalar(pair.key)) return
      const name = String(pair.key.value)
      const first = map.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      if (!isMap(map) || !isPair(pair) || !isScalar(first?.key)) return
      const { line } = source.problemAtOffset(first.key.range?.[0] ?? 0, '')
      found = source.problemAtOffset(
        offset,
        `"${name}" stands in line ${line} of the same block already: one of the two has to go`,
      )
      return visit.BREAK
    },
  })
  return found
}

function aliasOffset(source: LabText): number {
  let offset = 0
  visit(source.document, {
    Alias(_key, alias) {
      offset = alias.range?.[0] ?? 0
      return visit.BREAK
    },
  })
  return offset
}
