import { describe, expect, it } from 'vitest'
import { fillQuestion } from '../../../src/lab/placeholders.ts'
import type { LabQuestion } from '../../../src/lab/question.ts'
import { askQuestion } from '../../../src/run/ask-question.ts'
import { ScriptedConversation } from '../../helpers/scripted-conversation.ts'

const aQuestion = (more: Partial<LabQuestion>): LabQuestion => ({
  ask: 'Which?',
  answer: 'Because.',
  choices: [],
  accept: [],
  points: [],
  ...more,
})
const choice = aQuestion({
  choices: [
    { text: 'all at once', right: false, why: 'They waited for one another.' },
    { text: 'one by one', right: true, why: 'Each waits for the one below.' },
  ],
})
const short = aQuestion({ accept: ['data-web-0'] })
const relative = aQuestion({ accept: ['{blank.claim-name}-web-0'] })
const free = aQuestion({
  points: [
    { point: 'no address', words: ['no (cluster )?ip'] },
    { point: 'DNS gives pods', words: ['dns', 'names'] },
  ],
})

async function asked(question: LabQuestion, ...answers: string[]) {
  const conversation = new ScriptedConversation(answers)
  const given = await askQuestion(question, { conversation, signal: new AbortController().signal })
  return { given, says: conversation.told.map(({ say }) => say), conversation }
}

describe('asking a question', () => {
  it('says why a wrong choice is wrong and lets it be tried once more before it tells the answer', async () => {
    const { given, says, conversation } = await asked(choice, '1', '2')
    expect(given).toMatchObject({ typed: '2', tries: 2, judged: { right: true } })
    expect(says).toEqual(['question', 'judged', 'judged', 'answer'])
    expect(conversation.told[1]).toMatchObject({
      again: true,
      judged: { right: false, why: ['They waited for one another.'] },
    })
  })

  it('tells the answer after the second wrong one', async () => {
    const { given, says } = await asked(choice, '1', '1')
    expect(given).toMatchObject({ tries: 2, judged: { right: false } })
    expect(says.at(-1)).toBe('answer')
  })

  it('counts no try for what names no choice', async () => {
    const { given, conversation } = await asked(choice, '7', 'two', '2')
    expect(given).toMatchObject({ tries: 1, judged: { right: true } })
    expect(conversation.notes()).toHaveLength(2)
  })

  it('takes an empty line as "tell me": not right, and no try', async () => {
    const { given, says } = await asked(short, '')
    expect(given).toMatchObject({ tries: 0, judged: { right: false } })
    expect(says).toEqual(['question', 'answer'])
  })

  it('tells of a free answer what it has and what it lacks, once', async () => {
    const { given, says } = await asked(free, 'it has no IP')
    expect(given).toMatchObject({
      judged: { right: false, found: ['no address'], missed: ['DNS gives pods'] },
    })
    expect(says).toEqual(['question', 'judged', 'answer'])
  })

  it('leaves at "q", unless that is the answer', async () => {
    expect((await asked(choice, 'q')).given).toBe('quit')
    expect((await asked(aQuestion({ accept: ['q'] }), 'q')).given).toMatchObject({ judged: { right: true } })
  })

  it('shows the answer of a question to think about, and judges nothing', async () => {
    const { given, says } = await asked(aQuestion({}), '')
    expect(given).toMatchObject({ tries: 0, judged: { right: null } })
    expect(says).toEqual(['question', 'answer'])
    expect((await asked(aQuestion({}), 'n')).says).toEqual(['question'])
  })

  it("takes the student's own value of a blank as it is, not as a pattern", async () => {
    const filled = fillQuestion(relative, { 'blank.claim-name': 'my.data' })
    expect((await asked(filled, 'MY.data-web-0')).given).toMatchObject({ judged: { right: true } })
    expect((await asked(filled, 'my-data-web-0', 'q')).given).toBe('quit')
  })
})
