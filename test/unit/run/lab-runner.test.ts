import { describe, expect, it } from 'vitest'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { type Answer, ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { MemoryProgress, runTiny, tinyLab } from './tiny-lab.ts'

const ENTER = ''
const student = (...answers: Answer[]) => new ScriptedConversation(answers)
const nobody = () => new ScriptedConversation(null)

describe('an unattended run', () => {
  it('does every step, asks nothing, and ends with 0 when all passes', async () => {
    const cluster = new FakeCluster()
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation })).toBe(0)
    expect(cluster.calls).toEqual([
      'apply Namespace/lab',
      'apply Service/web-svc',
      'apply StatefulSet/web',
      'scale 4',
    ])
    expect(conversation.verdicts()).toEqual([
      'setup/goal: pass',
      'service/goal: pass',
      'service/service-headless: pass',
      'create/goal: pass',
      'create/sequential-creation: pass',
      'grow/goal: pass',
      'grow/ordered-scale-up: pass',
    ])
    expect(conversation.told.some(({ say }) => say === 'question')).toBe(false)
    expect(cluster.openRecordings).toBe(0)
  })

  it('ends with 1 when a criterion failed, and still goes to the end', async () => {
    const cluster = new FakeCluster()
    cluster.behaviour = 'parallel'
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation })).toBe(1)
    expect(conversation.verdicts()).toContain('create/sequential-creation: fail')
    expect(conversation.verdicts()).toContain('grow/goal: pass')
  })

  it('ends with 1 as soon as a pod cannot come up any more, with the reason', async () => {
    const cluster = new FakeCluster()
    cluster.behaviour = 'stuck'
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation })).toBe(1)
    const checkpoint = conversation.told.findLast((message) => message.say === 'checkpoint')
    const goal = checkpoint?.say === 'checkpoint' ? checkpoint.verdicts[0] : undefined
    expect(goal).toMatchObject({ step: 'create', id: 'goal', verdict: 'fail' })
    expect(goal?.reason).toContain('ImagePullBackOff')
    expect(cluster.calls).not.toContain('scale 4')
  })

  it('ends at once when somebody deletes the set it waits for', async () => {
    const cluster = new FakeCluster()
    const conversation = nobody()
    const scale = cluster.scale.bind(cluster)
    cluster.scale = async (ref, replicas) => {
      cluster.behaviour = 'still'
      await scale(ref, replicas)
      await cluster.remove(ref)
    }
    expect(await runTiny({ cluster, conversation })).toBe(1)
    const checkpoint = conversation.told.findLast((message) => message.say === 'checkpoint')
    expect(checkpoint).toMatchObject({
      verdicts: [{ id: 'goal', reason: 'StatefulSet web was deleted meanwhile' }, {}],
    })
  })

  it('ends with 3 when the awaited state did not come in time', async () => {
    const cluster = new FakeCluster()
    cluster.behaviour = 'still'
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation })).toBe(3)
    expect(conversation.verdicts()).toContain('create/goal: inconclusive')
  })
})

describe('a step', () => {
  it('is done on Enter', async () => {
    const cluster = new FakeCluster()
    const conversation = student(ENTER, ENTER, ENTER, ENTER, ENTER)
    expect(await runTiny({ cluster, conversation })).toBe(0)
    expect(cluster.calls).toHaveLength(4)
    expect(conversation.unused).toBe(0)
    expect(conversation.told.at(-2)).toMatchObject({ say: 'answer', question: { answer: 'because' } })
  })

  it('is noticed when the student does it elsewhere: the prompt goes away and nothing is done twice', async () => {
    const cluster = new FakeCluster()
    const conversation = student(ENTER, ENTER, ENTER, { elsewhere: () => cluster.studentScales(4) }, 'n')
    expect(await runTiny({ cluster, conversation })).toBe(0)
    expect(cluster.calls).not.toContain('scale 4')
    expect(conversation.told).toContainEqual({ say: 'noticed', text: 'the set asks for 4 pods' })
    expect(conversation.verdicts()).toContain('grow/ordered-scale-up: pass')
  })

  it('is not taken for done when the student did something else', async () => {
    const cluster = new FakeCluster()
    const wrongThenRight = () => {
      cluster.studentScales(3)
      expect(conversation.told.at(-1)?.say).toBe('step')
      cluster.studentScales(4)
    }
    const conversation = student(ENTER, ENTER, ENTER, { elsewhere: wrongThenRight }, 'n')
    expect(await runTiny({ cluster, conversation })).toBe(0)
  })

  it('gives one hint after the other, and the last one again', async () => {
    const conversation = student('h', 'h', 'h', 'q')
    expect(await runTiny({ cluster: new FakeCluster(), conversation })).toBe(0)
    const hints = conversation.told.flatMap((message) => (message.say === 'hint' ? [message.text] : []))
    expect(hints).toEqual(['first', 'second', 'second'])
  })

  it('that failed can be done again, watched from its start', async () => {
    const cluster = new FakeCluster()
    cluster.behaviour = 'parallel'
    const conversation = student(ENTER, ENTER, ENTER, ENTER, ENTER, ENTER, 'q')
    const progress = new MemoryProgress()
    const tell = conversation.tell.bind(conversation)
    conversation.tell = (message) => {
      tell(message)
      if (message.say === 'checkpoint' && message.step.id === 'create') cluster.behaviour = 'ordered'
    }
    expect(await runTiny({ cluster, conversation, progress })).toBe(0)
    expect(conversation.verdicts().filter((verdict) => verdict.startsWith('create/sequential'))).toEqual([
      'create/sequential-creation: fail',
      'create/sequential-creation: pass',
    ])
    expect(cluster.calls).toContain('delete StatefulSet/web')
  })
})

describe('a step whose evidence began earlier', () => {
  it('is done again from there: what was recorded before would prove nothing', async () => {
    const cluster = new FakeCluster()
    const steps = tinyLab.steps.map((step) => (step.id === 'grow' ? { ...step, resumeFrom: 'create' } : step))
    const conversation = student(ENTER, ENTER, ENTER, ENTER, ENTER, 'q')
    const tell = conversation.tell.bind(conversation)
    conversation.tell = (message) => {
      tell(message)
      if (message.say === 'checkpoint' && message.step.id === 'create') cluster.behaviour = 'parallel'
    }
    await runTiny({ cluster, conversation, lab: { ...tinyLab, steps } })
    const begun = conversation.told.flatMap((message) => (message.say === 'step' ? [message.step.id] : []))
    expect(begun).toEqual(['setup', 'service', 'create', 'grow', 'create'])
  })
})

describe('progress', () => {
  it('is kept when the student leaves at a question, and the next run goes on after it', async () => {
    const cluster = new FakeCluster()
    const progress = new MemoryProgress()
    await runTiny({ cluster, progress, conversation: student(ENTER, ENTER, 'q') })
    expect(progress.kept?.current).toBe('create')
    const again = student('q')
    await runTiny({ cluster, progress, conversation: again })
    expect(again.notes()).toContain('You go on where you left off: step "create".')
  })

  it('counts a step whose question the student left at', async () => {
    const cluster = new FakeCluster()
    const progress = new MemoryProgress()
    await runTiny({ cluster, progress, conversation: student(ENTER, ENTER, ENTER, ENTER, 'q') })
    expect(progress.kept?.steps.grow?.verdicts).toEqual({ goal: 'pass', 'ordered-scale-up': 'pass' })
    expect(progress.kept?.current).toBeNull()
  })

  it('survives Ctrl-C, and the recording is ended', async () => {
    const cluster = new FakeCluster()
    const progress = new MemoryProgress()
    const interrupt = new AbortController()
    const conversation = student(ENTER, { elsewhere: () => interrupt.abort() })
    await expect(
      runTiny({ cluster, progress, conversation, signal: interrupt.signal }),
    ).rejects.toMatchObject({
      kind: 'interrupted',
    })
    expect(progress.kept).toMatchObject({ current: 'service', runs: [] })
    expect(cluster.openRecordings).toBe(0)
  })

  it('offers to bring the cluster to where the step begins when it is elsewhere now', async () => {
    const cluster = new FakeCluster()
    const conversation = student(ENTER, ENTER, 'n')
    expect(await runTiny({ cluster, conversation, from: 'grow' })).toBe(0)
    expect(conversation.notes().some((note) => note.includes('builds on step "create"'))).toBe(true)
    expect(cluster.calls).toEqual([
      'apply Namespace/lab',
      'apply Service/web-svc',
      'apply StatefulSet/web',
      'scale 4',
    ])
  })

  it('does a watched step over when it was done while nobody watched', async () => {
    const cluster = new FakeCluster().hasNamespace().hasService({ 'sts-lab.dev/lab': 'tiny' }).hasSet(4)
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation, from: 'grow' })).toBe(0)
    expect(conversation.verdicts()).toContain('grow/ordered-scale-up: pass')
    expect(cluster.calls).toContain('scale 4')
  })

  it('knows the step that was meant', async () => {
    await expect(
      runTiny({ cluster: new FakeCluster(), conversation: nobody(), from: 'grwo' }),
    ).rejects.toMatchObject({
      code: 'unknown-step',
      hint: 'did you mean --from grow?',
    })
  })
})

describe('what is not the lab’s', () => {
  it('stops the lab before anything is changed', async () => {
    const cluster = new FakeCluster().hasNamespace().hasService()
    await expect(runTiny({ cluster, conversation: nobody() })).rejects.toMatchObject({ code: 'not-ours' })
    expect(cluster.calls).toEqual([])
  })

  it('may be the namespace: it is used, not labelled, and that is said', async () => {
    const cluster = new FakeCluster().hasNamespace()
    const conversation = nobody()
    expect(await runTiny({ cluster, conversation })).toBe(0)
    expect(cluster.calls).not.toContain('apply Namespace/lab')
    expect(conversation.notes()[0]).toContain('will not be deleted')
  })
})
