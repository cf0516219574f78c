import { nearest } from '../lab/nearest.ts'
import type { ExplainTopic } from './study.ts'

/** A line of a topic in which words were found. */
export interface FoundLine {
  readonly text: string
  /** Which of the words it has: all of them, or the rest of the topic has the others. */
  readonly words: readonly string[]
}

export interface FoundTopic {
  readonly topic: ExplainTopic
  readonly lines: readonly FoundLine[]
}

/**
 * The topics that have all words, each with the lines that have most of them; first those where one line has all. A
 * word is found in any letter case, whether singular or plural, and at the beginning of a word; a long one anywhere.
 */
export function searchTopics(topics: readonly ExplainTopic[], words: readonly string[]): FoundTopic[] {
  const wanted = words.map((word) => ({ word, pattern: patternOf(word) }))
  if (wanted.length === 0) return []
  const found = topics.flatMap((topic) => {
    const lines = linesOf(topic).map((text) => ({
      text,
      words: wanted.filter(({ pattern }) => pattern.test(text)).map(({ word }) => word),
    }))
    const most = Math.max(...lines.map((line) => line.words.length))
    const has = (word: string): boolean => lines.some((line) => line.words.includes(word))
    if (!words.every(has)) return []
    return [{ topic, lines: lines.filter((line) => line.words.length === most), most }]
  })
  return found.sort((a, b) => b.most - a.most).map(({ topic, lines }) => ({ topic, lines }))
}

/** A word of the topics that was most likely meant; null when none is near. */
export function nearestWord(topics: readonly ExplainTopic[], word: string): string | null {
  const vocabulary = new Set(
    topics.flatMap(linesOf).flatMap((line) => line.toLowerCase().match(/[a-z][a-z-]{2,}/g) ?? []),
  )
  return nearest(word, [...vocabulary])
}

/** As the reader sees them: paragraphs and list items on one line each, table rows and drawings as they are. */
function linesOf({ title, summary, text }: ExplainTopic): string[] {
  const lines = [title, summary]
  let open = false
  for (const line of text.split('\n')) {
    const bare = line.trim()
    const alone = bare === '' || /^(\||## )/.test(bare) || line.startsWith('    ')
    const last = lines.at(-1)
    if (open && !alone && !bare.startsWith('- ') && last !== undefined)
      lines[lines.length - 1] = `${last} ${bare}`
    else if (!/^[|\s:-]*$/.test(bare)) lines.push(bare)
    open = !alone
  }
  return lines
}

const patternOf = (word: string): RegExp => new RegExp(sourceOf(word), 'iu')

function sourceOf(word: string): string {
  const stem = word.length > 4 ? word.replace(/(?<=[^s])s$/i, '') : word
  // Long words are looked for inside others too: "retention" is in persistentVolumeClaimRetentionPolicy.
  const start = stem.length < 6 ? '(?<![\\p{L}\\p{N}])' : ''
  return `${start}${stem.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`
}

/** The line with everything marked that one of the words found. */
export function markWords(line: string, words: readonly string[], mark: (found: string) => string): string {
  if (words.length === 0) return line
  const any = words.map((word) => `${sourceOf(word)}[\\p{L}\\p{N}]*`).join('|')
  return line.replace(new RegExp(any, 'giu'), (found) => mark(found))
}
