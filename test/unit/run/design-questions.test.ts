import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import type { LabQuestion } from '../../../src/lab/question.ts'
import { askDesign } from '../../../src/run/design-questions.ts'
import { HeldClock } from '../../helpers/held-clock.ts'
import { ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { MemoryProgress, tinyLab } from './tiny-lab.ts'

const aQuestion = (ask: string, word: string): LabQuestion => ({
  ask,
  answer: `The model answer to ${ask}`,
  choices: [],
  accept: [],
  points: [{ point: `says ${word}`, words: [word] }],
})
const lab: Lab = {
  ...tinyLab,
  guidance: 'none',
  steps: [],
  questions: [aQuestion('first?', 'one'), aQuestion('second?', 'two'), aQuestion('third?', 'three')],
}

async function asked(progress: MemoryProgress, ...answers: string[]) {
  const conversation = new ScriptedConversation(answers)
  const { signal } = new AbortController()
  const setting = { lab, namespace: 'lab', conversation, progress, clock: new HeldClock(), signal }
  const end = await askDesign(setting)
  expect(conversation.unused).toBe(0)
  return {
    end,
    told: conversation.told.map((each) => (each.say === 'question' ? each.question.ask : each.say)),
    conversation,
  }
}

describe('the design questions', () => {
  it('are all asked before any answer is told, then each is shown with what was found in it', async () => {
    const { end, told, conversation } = await asked(new MemoryProgress(), 'one', 'nothing', 'three', '', '')
    expect(end).toBe('done')
    expect(told).toEqual([
      ...['note', '1/3  first?', '2/3  second?', '3/3  third?', 'note'],
      ...['1/3  first?', 'note', 'judged', 'answer'],
      ...['2/3  second?', 'note', 'judged', 'answer'],
      ...['3/3  third?', 'note', 'judged', 'answer'],
    ])
    expect(conversation.notes()[1]).toContain('2 of 3 key points')
    expect(conversation.notes()[2]).toBe('You: one')
  })

  it('keep each answer at once, and go on where they were left', async () => {
    const progress = new MemoryProgress()
    expect((await asked(progress, 'one', 'q')).end).toBe('left')
    const kept = (await progress.read())?.answers
    expect(kept).toEqual({
      'design/1': {
        text: 'one',
        at: '1970-01-01T00:00:00.000Z',
        right: true,
        found: ['says one'],
        missed: [],
      },
    })
    const { end, told } = await asked(progress, 'two', '', 'n')
    expect(end).toBe('done')
    expect(told.slice(0, 4)).toEqual(['note', '2/3  second?', '3/3  third?', 'note'])
  })

  it('can be skipped one by one, and the model answer comes all the same', async () => {
    const progress = new MemoryProgress()
    const { told } = await asked(progress, '', 'two', 'three', 'n')
    expect(told.slice(5)).toEqual(['1/3  first?', 'note', 'answer'])
    expect((await progress.read())?.answers['design/1']).toMatchObject({ text: '', right: false })
  })

  it('are not asked again when all were answered, unless one wants to', async () => {
    const progress = new MemoryProgress()
    await asked(progress, 'one', 'two', 'three', 'n')
    expect((await asked(progress, '')).told).toEqual([])
    expect((await asked(progress, 'a', '', '')).told).toContain('answer')
    await asked(progress, 'r', 'anew', 'two', 'three', 'n')
    expect((await progress.read())?.answers['design/1']).toMatchObject({ text: 'anew', right: false })
  })
})
