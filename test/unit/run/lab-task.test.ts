import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { type Answer, ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { MemoryProgress, runTiny, tinyLab } from './tiny-lab.ts'

const ENTER = ''
const SHOW = 's'
const student = (...answers: Answer[]) => new ScriptedConversation(answers)

const [last] = tinyLab.steps.slice(-1)
const tasks: Lab = {
  ...tinyLab,
  guidance: 'semi',
  steps: [
    ...tinyLab.steps.slice(0, -1),
    ...(last === undefined
      ? []
      : [
          {
            ...last,
            questions: [
              { ask: 'which one first?', answer: 'web-2', choices: [], accept: ['web-2'], points: [] },
            ],
          },
        ]),
  ],
}
const said = (conversation: ScriptedConversation, kind: 'miss' | 'note' | 'doing') =>
  conversation.told.flatMap((message) =>
    message.say !== kind ? [] : 'text' in message ? [message.text] : [''],
  )

describe('a task', () => {
  it('does not show its commands, and Enter only says what is still missing', async () => {
    const cluster = new FakeCluster()
    const conversation = student(SHOW, SHOW, SHOW, ENTER, 'q')
    await runTiny({ cluster, conversation, lab: tasks })
    const grow = conversation.told.find((message) => message.say === 'step' && message.step.id === 'grow')
    expect(grow).toMatchObject({ commands: [] })
    expect(conversation.notes()).toContain('Not done yet: the set asks for 2 pods, not 4.')
    expect(cluster.calls).not.toContain('scale 4')
  })

  it('is told once of another number than the one asked for, and the wait goes on', async () => {
    const cluster = new FakeCluster()
    const conversation = student(
      SHOW,
      SHOW,
      SHOW,
      { elsewhere: () => cluster.studentScales(3) },
      'h',
      { elsewhere: () => cluster.studentScales(4) },
      'web-2',
    )
    expect(await runTiny({ cluster, conversation, lab: tasks })).toBe(0)
    expect(said(conversation, 'miss')).toEqual(['The set asks for 3 pods now; this task asks for 4.'])
    expect(conversation.verdicts()).toContain('grow/ordered-scale-up: pass')
    expect(conversation.unused).toBe(0)
  })

  it('does not pass because of what happened on the way: too far and back is no growing, and it is offered again', async () => {
    const cluster = new FakeCluster()
    const conversation = student(
      SHOW,
      SHOW,
      SHOW,
      { elsewhere: () => cluster.studentScales(6) },
      SHOW,
      ENTER, // do this step again
      ENTER, // bring the cluster to where it begins
      { elsewhere: () => cluster.studentScales(4) },
      'web-2',
    )
    expect(await runTiny({ cluster, conversation, lab: tasks })).toBe(0)
    expect(conversation.verdicts().filter((verdict) => verdict.startsWith('grow/ordered'))).toEqual([
      'grow/ordered-scale-up: inconclusive',
      'grow/ordered-scale-up: pass',
    ])
    expect(conversation.unused).toBe(0)
  })

  it('keeps how its question was answered', async () => {
    const progress = new MemoryProgress()
    const conversation = student(SHOW, SHOW, SHOW, SHOW, 'web-4', 'WEB-2')
    await runTiny({ cluster: new FakeCluster(), conversation, progress, lab: tasks })
    expect(progress.kept?.answers).toMatchObject({ 'grow/1': { text: 'WEB-2', right: true } })
  })
})
