import { describe, expect, it } from 'vitest'
import { runQuiz, type StudyStore } from '../../../src/run/quiz.ts'
import { seeded } from '../../../src/study/random.ts'
import { emptyRecord, type StudyRecord } from '../../../src/study/scores.ts'
import { ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { aQuestion } from '../study/questions.ts'

const now = new Date('2026-01-01T00:00:00Z')
const clock = { now: () => now, monotonicMs: () => 0, sleep: async () => {} }
// A short answer, so that the script need not know how choices were mixed.
const short = (id: string) => aQuestion({ id, choices: [], accept: ['yes'] })

function sitting(ids: readonly string[], answers: readonly string[]) {
  let record: StudyRecord = emptyRecord(now)
  const store: StudyStore = {
    read: async () => record,
    change: async (how) => {
      record = how(record)
      return record
    },
  }
  const conversation = new ScriptedConversation(answers)
  const done = runQuiz({
    questions: ids.map(short),
    conversation,
    store,
    clock,
    signal: new AbortController().signal,
    random: seeded(1),
  })
  const asked = () =>
    conversation.told.flatMap((message) =>
      message.say === 'question' ? [message.question.ask.slice(0, -1)] : [],
    )
  return { done, asked, conversation, record: () => record }
}
const ids = (questions: readonly { readonly id: string }[]) => questions.map(({ id }) => id)

describe('a quiz', () => {
  it('asks what was missed again, after three others', async () => {
    const { done, asked, conversation } = sitting(
      ['a', 'b', 'c', 'd', 'e'],
      ['no', 'no', 'yes', 'yes', 'yes', 'yes', 'yes'],
    )
    const outcome = await done
    expect(asked()).toEqual(['a', 'b', 'c', 'd', 'a', 'e'])
    expect(ids(outcome.right)).toEqual(['b', 'c', 'd', 'e'])
    expect(ids(outcome.missed)).toEqual(['a'])
    expect(outcome.open).toEqual([])
    expect(conversation.unused).toBe(0)
  })

  it('counts the second try of a question as missed, and a shrug too', async () => {
    const { done, record } = sitting(['a', 'b'], ['no', 'yes', '', '', ''])
    const outcome = await done
    expect(ids(outcome.missed)).toEqual(['a', 'b'])
    expect(ids(outcome.open)).toEqual(['a', 'b'])
    expect(record().questions.a).toMatchObject({ box: 1, answered: 2, lastRight: false })
  })

  it('keeps each answer at once, so that leaving loses nothing', async () => {
    const { done, record } = sitting(['a', 'b', 'c'], ['yes', 'q'])
    expect(await done).toMatchObject({ quit: true, missed: [] })
    expect(Object.keys(record().questions)).toEqual(['a'])
    expect(record().questions.a).toMatchObject({ box: 2, lastRight: true })
  })

  it('tells which question it is, and of what', async () => {
    const { done, conversation } = sitting(['a', 'b'], ['no', 'no', 'yes', 'yes'])
    await done
    const turns = conversation.told.flatMap((message) => (message.say === 'turn' ? [message] : []))
    expect(turns.map(({ number, of, about }) => `${about} ${number ?? 'again'}/${of}`)).toEqual([
      'dns 1/2',
      'dns 2/2',
      'dns again/2',
    ])
  })
})
