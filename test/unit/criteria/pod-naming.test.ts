import { describe, expect, it } from 'vitest'
import { podNaming } from '../../../src/criteria/pod-naming.ts'
import { aPod, TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judge = ({ observations }: Script, uid: string | null = TARGET.uid) =>
  podNaming.judge({ observations, target: { ...TARGET, uid } })

const replicaSet = { kind: 'ReplicaSet', name: 'web-7d8f9c', uid: 'rs' }

describe('pod-naming', () => {
  it('passes on the expected names from the start ordinal on', () => {
    const script = new Script({ startOrdinal: 5, replicas: 2 }).lists(0).pod(5, 'listed').pod(6, 'listed')
    expect(judge(script)).toMatchObject({ verdict: 'pass', evidence: [3, 4] })
  })

  it('fails on the ordinals before the start ordinal', () => {
    const script = new Script({ startOrdinal: 5, replicas: 2 }).lists(0).pod(0, 'listed').pod(1, 'listed')
    expect(judge(script)).toMatchObject({ verdict: 'fail', evidence: [3, 4] })
  })

  it('has a command to type where there is no set at all, also when none was asked for by name', () => {
    const empty = new Script({ replicas: 0 }).lists(0)
    const observations = empty.observations.filter(({ stream }) => stream !== 'statefulsets')
    const hint = (name: string): string | null =>
      podNaming.judge({ observations, target: { ...TARGET, name, uid: null } }).hint
    expect(hint('web')).toContain('kubectl apply -f web.yaml')
    expect(hint('')).toMatch(/kubectl apply -f [A-Z-]+\.yaml$/)
  })

  it('names a bare pod that took one of the names', () => {
    const script = new Script().lists(2).pod(2, 'listed', { controller: null, ready: true })
    expect(judge(script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-2 is a bare pod: it has the right name but is not a pod of StatefulSet web',
      evidence: [7],
    })
  })

  it('does not mind other pods in the namespace, nor pods that terminate', () => {
    const script = new Script().lists(3)
    script.add({
      stream: 'pods',
      type: 'listed',
      object: aPod({ name: 'web-7d8f9c-abcde', controller: replicaSet }),
    })
    expect(judge(script.pod(3, 'listed', { terminating: true })).verdict).toBe('pass')
  })

  it('is inconclusive with the reason when some pods did not come up', () => {
    const script = new Script().lists(2).begin('baseline').end('baseline', 'hopeless', 'web-2: ErrImagePull')
    expect(judge(script)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'not there: web-2; "all pods are ready" cannot be reached: web-2: ErrImagePull',
    })
  })

  it('looks at the end of the baseline, not at what came later', () => {
    const script = new Script().lists(3).begin('baseline').end('baseline').goes(2)
    expect(judge(script).verdict).toBe('pass')
    expect(judge(new Script().lists(3).goes(2)).verdict).toBe('inconclusive')
  })

  it('cannot tell anything about a set of no replicas', () => {
    expect(judge(new Script({ replicas: 0 }).lists(0)).verdict).toBe('inconclusive')
  })
})

describe('pod-naming without a StatefulSet says what is there instead', () => {
  it('pods of a Deployment', () => {
    const script = new Script()
    script.add({
      stream: 'pods',
      type: 'listed',
      object: aPod({ name: 'web-7d8f9c-abcde', controller: replicaSet }),
    })
    expect(judge(script, null)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('pods of ReplicaSet web-7d8f9c, so of a Deployment: web-7d8f9c-abcde'),
      hint: expect.stringContaining('kind: StatefulSet'),
      evidence: [1],
    })
  })

  it('bare pods that imitate one', () => {
    const script = new Script().pod(0, 'listed', { controller: null }).pod(1, 'listed', { controller: null })
    expect(judge(script, null).reason).toContain('bare pods that only look like a set’s: web-0 and web-1')
  })

  it('another set', () => {
    const script = new Script({ name: 'db', uid: 'db' }).set('listed')
    expect(judge(script, null)).toMatchObject({ verdict: 'fail', hint: 'name one: --statefulset db' })
  })

  it('nothing at all', () => {
    expect(judge(new Script().begin('baseline'), null).reason).toContain('there are no pods either')
  })
})
