import { describe, expect, it } from 'vitest'
import type { LabClaim, LabStep } from '../../../src/lab/lab.ts'
import type { Cluster, ObjectRef } from '../../../src/ports.ts'
import { tellCheckpoint } from '../../../src/run/lab-claims.ts'
import { LabRun } from '../../../src/run/lab-run.ts'
import type { StepVerdict } from '../../../src/run/lab-verdict.ts'
import { ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { tinyLab } from './tiny-lab.ts'

const goal: StepVerdict = {
  step: 'create',
  id: 'goal',
  title: 'ready',
  verdict: 'pass',
  reason: '',
  expected: null,
  actual: null,
  hint: null,
}

/** A checkpoint of a step with one claim, on a cluster that has one object. */
async function checkpoint(
  proof: LabClaim['proof'],
  { attended = false, reached = true, found = null as object | null } = {},
) {
  const asked: ObjectRef[] = []
  let ms = 0
  const conversation = new ScriptedConversation(attended ? [] : null)
  const cluster = {
    get: async (ref: ObjectRef) => {
      asked.push(ref)
      return found
    },
  } as unknown as Cluster // nothing else of it is used here
  const clock = {
    now: () => new Date(0),
    monotonicMs: () => ms,
    sleep: async (pause: number) => {
      ms += pause
    },
  }
  const run = new LabRun(
    tinyLab,
    'elsewhere',
    {
      cluster,
      clock,
      conversation,
      progress: { read: async () => null, change: async () => Promise.reject(new Error('not asked for')) },
      loadManifest: async () => [],
      manifests: '',
      manifestsShown: '',
      newRunId: () => 'run1',
      probeImage: '',
      signal: new AbortController().signal,
      context: null,
      kubeconfig: null,
    },
    [],
  )
  const step = { ...tinyLab.steps[2], id: 'create', claims: [{ says: 'so it is', proof }] } as LabStep
  const verdicts = await tellCheckpoint(run, step, [goal], reached)
  const [message] = conversation.told
  const told = message?.say === 'checkpoint' ? message.claims : []
  return { verdicts, told, asked, waitedMs: ms }
}

const two = { kind: 'StatefulSet', name: 'web', path: 'spec.replicas', is: 2 } as const

describe('what a lab says of a step', () => {
  it('is a verdict of its own where nobody is there', async () => {
    const { verdicts, asked } = await checkpoint(two, { found: { spec: { replicas: 2 } } })
    expect(verdicts.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['goal pass', 'claim/1 pass'])
    expect(asked).toEqual([
      { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'elsewhere', name: 'web' },
    ])
  })

  it('fails with what is there instead, once that had time to become so', async () => {
    const { verdicts, waitedMs } = await checkpoint(two, { found: { spec: { replicas: '2' } } })
    expect(verdicts.at(-1)).toMatchObject({
      verdict: 'fail',
      reason: 'StatefulSet web: spec.replicas is "2", not 2',
    })
    expect(waitedMs).toBeGreaterThanOrEqual(10_000)
  })

  it('can be that something is not there', async () => {
    expect((await checkpoint({ ...two, is: null })).verdicts.at(-1)?.verdict).toBe('pass')
    const { verdicts } = await checkpoint({ ...two, is: null }, { found: { spec: { replicas: 1 } } })
    expect(verdicts.at(-1)?.reason).toBe('StatefulSet web: spec.replicas is 1, not absent')
  })

  it('rests on one of the step’s verdicts where it names one', async () => {
    expect((await checkpoint({ check: 'goal' })).verdicts.at(-1)?.verdict).toBe('pass')
    expect((await checkpoint({ check: 'dns-resolution' })).verdicts.at(-1)?.verdict).toBe('inconclusive')
  })

  it('is shown to a student, who is not blamed for it', async () => {
    const { verdicts, told } = await checkpoint(two, { attended: true, found: { spec: { replicas: 3 } } })
    expect(verdicts).toEqual([goal])
    expect(told.map(({ title, verdict }) => `${title} ${verdict}`)).toEqual(['so it is fail'])
  })

  it('is not looked at before the state is there that it is about', async () => {
    const { verdicts, asked } = await checkpoint(two, { reached: false })
    expect(verdicts).toEqual([goal])
    expect(asked).toEqual([])
  })

  it('means the namespace in use where it names the lab’s own', async () => {
    const proof = { kind: 'Namespace', name: tinyLab.namespace, path: 'status.phase', is: 'Active' } as const
    const { asked } = await checkpoint(proof, { found: { status: { phase: 'Active' } } })
    expect(asked).toEqual([{ apiVersion: 'v1', kind: 'Namespace', name: 'elsewhere' }])
  })
})
