import { describe, expect, it } from 'vitest'
import { markWords, nearestWord, searchTopics } from '../../../src/study/search.ts'
import type { ExplainTopic } from '../../../src/study/study.ts'

const topic = (id: string, text: string): ExplainTopic => ({
  id,
  position: 1,
  title: id,
  summary: '',
  aliases: [],
  quiz: [],
  labs: [],
  text,
})
const topics = [
  topic(
    'storage',
    'A claim outlives\nits pod.\n\n- claims keep\n  their volumes\n\n| claim | stays |\n|---|---|\n\n    kubectl get pvc',
  ),
  topic('updates', 'The partition decides.\n\nA pod keeps its claim.'),
]
const found = (...words: string[]) =>
  searchTopics(topics, words).map((each) => [each.topic.id, ...each.lines.map(({ text }) => text)])

describe('a search through the topics', () => {
  it('finds words in any letter case, in singular and plural, with the whole sentence', () => {
    expect(found('CLAIMS')).toEqual([
      ['storage', 'A claim outlives its pod.', '- claims keep their volumes', '| claim | stays |'],
      ['updates', 'A pod keeps its claim.'],
    ])
  })

  it('wants all words in a topic, and puts first where one line has them all', () => {
    expect(found('claim', 'partition')).toEqual([
      ['updates', 'The partition decides.', 'A pod keeps its claim.'],
    ])
    expect(found('claim', 'volume')).toEqual([['storage', '- claims keep their volumes']])
    expect(found('claim', 'nothing')).toEqual([])
  })

  it('finds a long word inside another, and a short one only at the beginning', () => {
    const one = topic('retained', 'already in persistentVolumeClaimRetentionPolicy')
    expect(searchTopics([one], ['retention'])).toHaveLength(1)
    expect(searchTopics([one], ['ready'])).toEqual([])
  })

  it('takes what was typed as words and not as a pattern', () => {
    expect(found('.*')).toEqual([])
    expect(found('(')).toEqual([])
  })

  it('knows the word that was meant', () => {
    expect(nearestWord(topics, 'partiton')).toBe('partition')
    expect(nearestWord(topics, 'xyzzyxyzzy')).toBeNull()
  })

  it('marks what was found, once and whole', () => {
    expect(markWords('claims claim', ['claim', 'claims'], (word) => `<${word}>`)).toBe('<claims> <claim>')
  })
})
