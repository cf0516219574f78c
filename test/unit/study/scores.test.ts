import { describe, expect, it } from 'vitest'
import { chooseQuestions, nextDue } from '../../../src/study/choose-questions.ts'
import { seeded } from '../../../src/study/random.ts'
import { emptyRecord, knows, type StudyRecord, scoreOf, withAnswer } from '../../../src/study/scores.ts'
import { aQuestion } from './questions.ts'

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number))
const answered = (record: StudyRecord, id: string, right: boolean, on: number, again = false): StudyRecord =>
  withAnswer(record, id, { right, again }, day(on))
const nothing = emptyRecord(day(1))

describe('a question that was answered', () => {
  it('is due later each time it is right, and at once when it was missed', () => {
    let record = nothing
    const due: string[] = []
    for (const right of [true, true, true, true, true, false]) {
      record = answered(record, 'a', right, 1)
      due.push(record.questions.a?.dueAt.slice(0, 10) ?? '')
    }
    expect(due).toEqual(['2026-01-02', '2026-01-04', '2026-01-08', '2026-01-22', '2026-01-22', '2026-01-01'])
    expect(record.questions.a).toMatchObject({ box: 1, answered: 6, right: 5, lastRight: false })
  })

  it('stays in the first box when it was missed and known a minute later', () => {
    const record = answered(answered(nothing, 'a', false, 1), 'a', true, 1, true)
    expect(record.questions.a).toMatchObject({ box: 1, lastRight: true, dueAt: day(1).toISOString() })
  })
})

describe('a sitting', () => {
  const questions = ['a', 'b', 'c', 'd'].map((id) => aQuestion({ id }))
  const record = answered(answered(answered(nothing, 'a', true, 1), 'b', false, 4), 'c', false, 3)
  const chosen = (on: number, wishes: Partial<Parameters<typeof chooseQuestions>[3]> = {}): string[] =>
    chooseQuestions(questions, record, day(on), {
      all: false,
      count: null,
      random: seeded(1),
      ...wishes,
    }).map(({ id }) => id)

  it('asks what is longest overdue first, then what is new, and not what is fresh', () => {
    expect(chosen(5)).toEqual(['a', 'c', 'b', 'd'])
    expect(chosen(1, { count: 2 })).toEqual(['d'])
    expect(chosen(5, { count: 2 })).toEqual(['a', 'c'])
  })

  it('asks all of it when told to', () => {
    expect(chosen(1, { all: true }).sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('begins with the basic ones among the new', () => {
    const fresh = [aQuestion({ id: 'x', level: 'deeper' }), aQuestion({ id: 'y' })]
    for (const seed of [1, 2, 3, 4])
      expect(
        chooseQuestions(fresh, nothing, day(1), { all: false, count: 1, random: seeded(seed) }).map(
          ({ id }) => id,
        ),
      ).toEqual(['y'])
  })

  it('mixes the choices, the same way for the same seed', () => {
    const many = aQuestion({
      id: 'm',
      choices: [...'abcdef'].map((text) => ({ text, right: text === 'a', why: text })),
    })
    const order = (seed: number): string =>
      chooseQuestions([many], nothing, day(1), { all: false, count: null, random: seeded(seed) })
        .flatMap(({ choices }) => choices.map(({ text }) => text))
        .join('')
    expect(order(7)).toBe(order(7))
    expect(new Set([1, 2, 3, 4, 5].map(order)).size).toBeGreaterThan(1)
    expect([...order(3)].sort().join('')).toBe('abcdef')
  })

  it('says when the next is due once nothing is left', () => {
    const allRight = ['a', 'b', 'c', 'd'].reduce((kept, id) => answered(kept, id, true, 1), nothing)
    expect(nextDue(questions, allRight, day(1))).toBe(day(2).toISOString())
    expect(nextDue(questions, allRight, day(2))).toBeNull()
    expect(nextDue(questions, record, day(1))).toBeNull()
  })
})

describe('a topic', () => {
  it('is known when four in five were right when last answered', () => {
    const questions = ['a', 'b', 'c', 'd', 'e'].map((id) => aQuestion({ id }))
    const four = ['a', 'b', 'c', 'd'].reduce((kept, id) => answered(kept, id, true, 1), nothing)
    expect(knows(scoreOf(questions, four, day(1)))).toBe(true)
    expect(knows(scoreOf(questions, answered(four, 'a', false, 2), day(2)))).toBe(false)
    expect(knows(scoreOf([], four, day(1)))).toBe(false)
  })
})
