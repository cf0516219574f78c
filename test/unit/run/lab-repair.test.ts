import { describe, expect, it } from 'vitest'
import type { Lab, LabStep } from '../../../src/lab/lab.ts'
import { SERVICE, SET } from '../../helpers/builders.ts'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { type Answer, ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { MemoryProgress, runTiny, tinyLab } from './tiny-lab.ts'

const ENTER = ''

/** A set without its service: to be mended by giving it one that is headless. */
function aRepair(facts: Partial<LabStep> = {}): Lab {
  const [setup, , create] = tinyLab.steps
  if (setup === undefined || create === undefined) throw new Error('the tiny lab has other steps')
  const broken: LabStep = {
    ...create,
    id: 'broken',
    needs: null,
    phase: 'create',
    action: { do: 'apply', manifests: ['namespace.yaml', 'set.yaml'] },
    checks: [],
  }
  const repair: LabStep = {
    ...setup,
    id: 'repair',
    needs: 'broken',
    action: { do: 'apply', manifests: ['service.yaml'] },
    until: { see: 'fixed', replicas: 2 },
    checks: ['service-headless'],
    advice: [
      { when: { set: 'absent' }, say: 'the set is gone', hopeless: true },
      { when: { service: SERVICE, is: 'not-headless' }, say: 'it has an address', hopeless: false },
      { when: { service: SERVICE, is: 'absent' }, say: 'who names them?', hopeless: false },
    ],
    ...facts,
  }
  return { ...tinyLab, guidance: 'fix', steps: [broken, repair] }
}

const SET_REF = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: SET }
const NORMAL = { headless: false, clusterIP: '10.96.0.1' }

function begin(...answers: (Answer | ((cluster: FakeCluster) => void))[]) {
  const cluster = new FakeCluster()
  const conversation = new ScriptedConversation(
    answers.map((answer) => (typeof answer === 'function' ? { elsewhere: () => answer(cluster) } : answer)),
  )
  const progress = new MemoryProgress()
  const run = (lab = aRepair()) => runTiny({ cluster, conversation, progress, lab })
  return { cluster, conversation, progress, run }
}

const said = (conversation: ScriptedConversation, ...kinds: string[]): unknown[] =>
  conversation.told.flatMap((message) =>
    kinds.includes(message.say) ? ['text' in message ? message.text : message.say] : [],
  )

const repaired = (conversation: ScriptedConversation) =>
  conversation.verdicts().filter((verdict) => verdict.startsWith('repair/'))

describe('a repair', () => {
  it('is noticed when the student makes it elsewhere, without a key', async () => {
    const { cluster, conversation, progress, run } = begin(ENTER, (there) => there.hasService())
    expect(await run()).toBe(0)
    expect(repaired(conversation)).toEqual(['repair/goal: pass', 'repair/service-headless: pass'])
    expect(said(conversation, 'noticed')).toEqual([`service ${SERVICE} was created`])
    expect(cluster.calls).not.toContain(`apply Service/${SERVICE}`)
    expect(progress.kept?.current).toBeNull()
    expect(conversation.unused).toBe(0)
  })

  it('does not show what would mend it', async () => {
    const { conversation, run } = begin(ENTER, 'q')
    await run()
    const step = conversation.told.find((message) => message.say === 'step' && message.step.id === 'repair')
    expect(step).toMatchObject({ number: 2, of: 2, commands: [] })
  })

  it('that is none is judged, told what is seen and not why, and goes on', async () => {
    const wrong = (there: FakeCluster) => there.hasService({}, NORMAL)
    const { conversation, run } = begin(ENTER, wrong, 'q')
    await run()
    const judged = conversation.told.find(({ say }) => say === 'unfixed')
    expect(judged).toMatchObject({
      verdicts: [{ id: 'service-headless', verdict: 'fail', hint: null, seen: {} }],
    })
    expect(said(conversation, 'advice')).toEqual(['it has an address'])
    expect(repaired(conversation)).toEqual([])
  })

  it('does not pass with a set that was deleted and not rebuilt', async () => {
    const { conversation, run } = begin(
      ENTER,
      (there) => {
        there.hasService()
        there.remove(SET_REF)
      },
      ENTER,
      'q',
    )
    await run()
    expect(repaired(conversation)).toEqual([])
    expect(conversation.told).toContainEqual({
      say: 'advice',
      text: 'the set is gone',
      reset: 'sts-lab reset tiny',
    })
    expect(conversation.notes()).toContain(`Not judged yet: StatefulSet ${SET} is not there.`)
  })

  it('is judged again when something changed while it was read', async () => {
    const { cluster, conversation, run } = begin(ENTER, (there) => there.hasService(), 'q')
    let looks = 0
    conversation.watch = () => {
      looks += 1
      // The first is the wait for the broken set, the second the judgement.
      if (looks === 2) cluster.remove(SET_REF)
      return { waiting: () => {}, stop: () => {} }
    }
    await run()
    expect(repaired(conversation)).toEqual([])
    expect(said(conversation, 'advice')).toEqual(['the set is gone'])
  })

  it('that cannot be told is looked at again, and spoken of once until it is asked for', async () => {
    const nothing = () => {}
    const { conversation, run } = begin(ENTER, (there) => there.hasService(), nothing, nothing, ENTER, 'q')
    await run(aRepair({ checks: ['identity-persistence'] }))
    expect(said(conversation, 'unfixed')).toHaveLength(2)
    expect(conversation.unused).toBe(0)
  })

  it('waits until there are as many pods as asked for', async () => {
    const half = (there: FakeCluster) => {
      there.studentScales(1)
      there.hasService()
    }
    const { conversation, run } = begin(ENTER, half, (there) => there.studentScales(2))
    expect(await run()).toBe(0)
    expect(repaired(conversation)).toEqual(['repair/goal: pass', 'repair/service-headless: pass'])
  })

  it('begins with the symptom again, in a recording of its own, when all is broken again', async () => {
    const { cluster, conversation, run } = begin(ENTER, 'r', ENTER, 'r', 'y', 'n', 'q')
    await run()
    expect(cluster.calls.filter((call) => call.includes('StatefulSet'))).toEqual([
      `apply StatefulSet/${SET}`,
      `delete StatefulSet/${SET}`,
      `apply StatefulSet/${SET}`,
    ])
    const steps = conversation.told.flatMap((message) => (message.say === 'step' ? [message.step.id] : []))
    expect(steps).toEqual(['broken', 'repair', 'broken', 'repair'])
    expect(cluster.openRecordings).toBe(0)
  })

  it('is compared with what was broken, also in a later sitting', async () => {
    const lab = aRepair({ checks: ['used-claims-kept'] })
    const [broken, repair] = lab.steps
    if (broken === undefined || repair === undefined) throw new Error('the repair has other steps')
    const shown = { ...lab, steps: [{ ...broken, shows: ['claims-removed'] }, repair] }
    const { cluster, conversation, progress } = begin(ENTER, 'q')
    await runTiny({ cluster, conversation, progress, lab: shown })
    expect(progress.kept?.broken).toMatchObject({ replicas: 2 })
    const claims = Object.keys(progress.kept?.broken?.claims ?? {})
    expect(claims).toEqual(['data-web-0', 'data-web-1'])
    // What was there is gone, and another of its name is in its place.
    await progress.change((kept) => {
      if (kept === null) throw new Error('no progress')
      return { ...kept, broken: { replicas: 2, claims: { 'data-web-0': 'the-first', 'data-web-1': 'gone' } } }
    })
    const later = new ScriptedConversation([ENTER, 'q'])
    await runTiny({ cluster, conversation: later, progress, lab: shown })
    expect(repaired(later)).toEqual([])
    expect(later.told).toContainEqual(
      expect.objectContaining({
        say: 'unfixed',
        verdicts: [
          expect.objectContaining({
            id: 'used-claims-kept',
            verdict: 'fail',
            hint: expect.stringContaining('sts-lab reset'),
          }),
        ],
      }),
    )
  })

  it('counts what the student made for it as the lab’s', async () => {
    const { progress, run } = begin(ENTER, (there) => there.hasService())
    await run()
    expect(progress.kept?.created).toEqual(['set-web', expect.stringMatching(/^svc/), 'ns-1'])
  })

  it('that was made while nobody watched is seen in the next sitting', async () => {
    const { cluster, progress, run } = begin(ENTER, 'q')
    await run()
    cluster.hasService({ 'sts-lab.dev/lab': 'tiny' })
    const later = new ScriptedConversation([])
    expect(await runTiny({ cluster, conversation: later, progress, lab: aRepair() })).toBe(0)
    expect(repaired(later)).toContain('repair/service-headless: pass')
  })
})

describe('help with a repair', () => {
  it('begins with what fits the state of the cluster, then goes up the ladder', async () => {
    const { conversation, run } = begin(ENTER, 'h', 'h', 'h', 'q')
    await run()
    expect(said(conversation, 'advice', 'hint')).toEqual(['who names them?', 'first', 'second'])
  })

  it('says what fitted from the start when a try came to nothing', async () => {
    const { conversation, run } = begin(ENTER, ENTER, ENTER, 'q')
    await run()
    expect(said(conversation, 'unfixed', 'advice')).toEqual(['unfixed', 'who names them?', 'unfixed'])
  })

  it('says what applies once, and again only after something else did', async () => {
    const other = (there: FakeCluster) => there.hasService({}, NORMAL)
    const { conversation, run } = begin(ENTER, other, other, 'q')
    await run()
    expect(said(conversation, 'advice')).toEqual(['it has an address'])
  })
})

describe('a repair that nobody attends', () => {
  const alone = async (facts: Partial<LabStep> = {}) => {
    const cluster = new FakeCluster()
    const conversation = new ScriptedConversation(null)
    const code = await runTiny({ cluster, conversation, lab: aRepair(facts) })
    return { code, verdicts: repaired(conversation) }
  }

  it('is our own solution', async () => {
    expect(await alone()).toEqual({
      code: 0,
      verdicts: ['repair/goal: pass', 'repair/service-headless: pass'],
    })
  })

  it('fails by its checks where the solution is none', async () => {
    const facts = await alone({ checks: ['service-headless', 'update-strategy', 'claims-outlive-set'] })
    expect(facts.code).toBe(3)
    expect(facts.verdicts).toContain('repair/claims-outlive-set: inconclusive')
  })

  it('fails at once where the set is gone, and takes nothing for passed that was read before', async () => {
    const objects = [{ kind: 'StatefulSet', name: SET, selector: null }] as const
    const gone = await alone({ action: { do: 'delete', objects }, checks: ['pod-naming'] })
    expect(gone.code).toBe(1)
    expect(gone.verdicts[0]).toBe('repair/goal: fail')
    expect(gone.verdicts).not.toContain('repair/pod-naming: pass')
  })

  it('does several things and waits in between', async () => {
    const { code } = await alone({
      action: {
        do: 'several',
        actions: [
          { do: 'scale', replicas: 1 },
          { do: 'wait', until: { see: 'ready', replicas: 1 } },
          { do: 'scale', replicas: 2 },
          { do: 'apply', manifests: ['service.yaml'] },
        ],
      },
    })
    expect(code).toBe(0)
  })

  it('ends where something is waited for in vain', async () => {
    const until = { see: 'ready', replicas: 7 } as const
    await expect(alone({ action: { do: 'wait', until }, timeoutSeconds: 5 })).rejects.toMatchObject({
      code: 'not-reached',
    })
  })
})
