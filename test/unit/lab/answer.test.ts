import { describe, expect, it } from 'vitest'
import { judgeAnswer, pickedChoices } from '../../../src/lab/answer.ts'
import type { LabQuestion } from '../../../src/lab/question.ts'

const question = (facts: Partial<LabQuestion>): LabQuestion => ({
  ask: '?',
  answer: '!',
  choices: [],
  accept: [],
  points: [],
  ...facts,
})

describe('an answer', () => {
  const choices = question({
    choices: [
      { text: 'None', right: true, why: 'just so' },
      { text: 'an address', right: false, why: 'that is a normal service' },
      { text: 'a list of pods', right: true, why: 'that too' },
    ],
  })

  it('to a choice is right with all right choices and no wrong one', () => {
    expect(judgeAnswer(choices, ' 3, 1').right).toBe(true)
    expect(judgeAnswer(choices, '1').right).toBe(false)
    expect(judgeAnswer(choices, '1 2 3').right).toBe(false)
    expect(judgeAnswer(choices, '2').why).toEqual(['that is a normal service'])
  })

  it.each(['', 'x', '0', '4', '1.5'])('"%s" picks nothing', (typed) => {
    expect(pickedChoices(choices, typed)).toBeNull()
    expect(judgeAnswer(choices, typed).right).toBe(false)
  })

  it('in short is right in any spelling that is accepted, as a whole', () => {
    const short = question({ accept: ['same|reuse[sd]?', 'the same'] })
    expect(judgeAnswer(short, ' Reused ').right).toBe(true)
    expect(judgeAnswer(short, 'not the same').right).toBe(false)
    expect(judgeAnswer(short, '').right).toBe(false)
  })

  it('in free words is told which key points it has and which it misses', () => {
    const free = question({
      points: [
        { point: 'claims stay', words: ['stay', 'not deleted'] },
        { point: 'by hand', words: ['manual', 'by hand'] },
      ],
    })
    expect(judgeAnswer(free, 'They STAY until deleted')).toEqual({
      right: false,
      found: ['claims stay'],
      missed: ['by hand'],
      why: [],
    })
    expect(judgeAnswer(free, 'not deleted unless by hand').right).toBe(true)
  })

  it('to a question that only makes one think is neither right nor wrong', () => {
    expect(judgeAnswer(question({}), 'whatever').right).toBeNull()
  })
})
