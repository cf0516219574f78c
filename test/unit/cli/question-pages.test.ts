import { describe, expect, it } from 'vitest'
import { labPage } from '../../../src/cli/lab-pages.ts'
import { judgeAnswer } from '../../../src/lab/answer.ts'
import type { LabQuestion } from '../../../src/lab/question.ts'
import type { LabMessage } from '../../../src/run/conversation.ts'

const shown = (message: LabMessage, columns = 40) => {
  const terminal = {
    interactive: true,
    colour: false,
    columns,
    unicode: false,
    out: () => {},
    err: () => {},
  }
  return labPage(message, { terminal, brief: false }).split('\n').filter(Boolean)
}
const which: LabQuestion = {
  ask: 'Which goes first?',
  answer: 'web-4.',
  choices: [
    { text: 'web-0, because it was the first one to come', right: false, why: 'It goes last.' },
    { text: 'web-4', right: true, why: 'The highest.' },
    { text: 'the one with the highest number', right: true, why: 'That is it.' },
  ],
  accept: [],
  points: [],
}
const answered = (question: LabQuestion, typed: string, again = false): LabMessage => ({
  say: 'judged',
  question,
  typed,
  judged: judgeAnswer(question, typed),
  again,
})

describe('a question on the terminal', () => {
  it('numbers its choices as they are answered, wrapped within its frame', () => {
    expect(shown({ say: 'question', question: which })).toEqual([
      '| Question',
      '| Which goes first?',
      '|   1  web-0, because it was the first',
      '|      one to come',
      '|   2  web-4',
      '|   3  the one with the highest number',
    ])
  })

  it('says of a part of the right choices that it is not all, and of a wrong one why', () => {
    expect(shown(answered(which, '2', true), 80)).toEqual([
      'That is right, but not all of it. Try once more.',
      'The highest.',
    ])
    expect(shown(answered(which, '1'))).toEqual(['That is not it.', 'It goes last.'])
    expect(shown(answered(which, '2, 3'))[0]).toBe('Right.')
  })

  it('marks what a free answer has and what it lacks', () => {
    const points = ['data', 'names'].map((point) => ({ point, words: [point] }))
    const free: LabQuestion = { ...which, choices: [], points }
    expect(shown(answered(free, 'the data'))).toEqual(['Partly.', '  + data', '  - missing: names'])
  })
})
