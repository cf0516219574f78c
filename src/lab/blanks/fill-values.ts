import { isScalar, parseDocument } from 'yaml'
import type { Blank } from '../blank.ts'
import { KUBECTL_YAML } from '../kubectl-yaml.ts'
import { LabText } from '../lab-text.ts'
import { pathOf } from './place.ts'

/**
 * Puts values into a file in the place of what is there, and leaves every other character as it is, comments
 * included. A value is YAML as it would be written there. A blank without a value, or whose place is gone from the
 * file, stays as it is.
 */
export function fillValues(
  text: string,
  blanks: readonly Blank[],
  values: Readonly<Record<string, string>>,
): string {
  const source = new LabText('', text, KUBECTL_YAML)
  const edits = blanks.flatMap(({ id, at }) => {
    const value = values[id]
    const node = value === undefined ? null : source.nodeAt(pathOf(at))
    if (value === undefined || !isScalar(node) || !node.range) return []
    const [begin, end] = node.range
    // An empty value ends where its key's colon does.
    const gap = begin === end && /\S/.test(text[begin - 1] ?? '') ? ' ' : ''
    return [{ begin, end, value: `${gap}${value}` }]
  })
  return edits
    .sort((a, b) => b.begin - a.begin)
    .reduce((filled, { begin, end, value }) => `${filled.slice(0, begin)}${value}${filled.slice(end)}`, text)
}

/** Our own solution of a file. */
export const solved = (template: string, blanks: readonly Blank[]): string =>
  fillValues(template, blanks, Object.fromEntries(blanks.map(({ id, solution }) => [id, solution])))

/** What somebody typed as YAML for one value: as it is where that is one word or number, else in quotes. */
export function asYamlValue(typed: string): string {
  const word = typed.trim()
  const inList = parseDocument(`[${word}]`, KUBECTL_YAML)
  const inMap = parseDocument(`a: ${word}\nb: 1\n`, KUBECTL_YAML)
  const plain =
    inList.errors.length === 0 &&
    inMap.errors.length === 0 &&
    isScalar(inList.getIn([0], true)) &&
    inList.getIn([1], true) === undefined &&
    isScalar(inMap.getIn(['a'], true)) &&
    !/[\n\r]/.test(word) &&
    !word.includes(' #') &&
    !word.startsWith('#')
  return plain ? word : JSON.stringify(word)
}
