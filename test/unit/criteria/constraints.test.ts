import { describe, expect, it } from 'vitest'
import { constraints } from '../../../src/criteria/constraints.ts'
import { aService, aSet, TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judge = (id: string, { observations }: Script, uid: string | null = TARGET.uid) =>
  constraints.find((constraint) => constraint.id === id)?.judge({ observations, target: { ...TARGET, uid } })

const template = (requestedBytes: number) => ({
  ...aSet().claimTemplates[0],
  name: 'data',
  requestedBytes,
  storageClass: null,
  accessModes: [],
})

describe('section 3’s constraints', () => {
  it('are six, each under its own id', () => {
    expect(constraints.map(({ id }) => id)).toEqual([
      'statefulset-exists',
      'headless-service',
      'replicas',
      'storage',
      'identity-proof',
      'pods-ready',
    ])
  })

  it('a set must exist; the others cannot tell without one', () => {
    const script = new Script().begin('baseline')
    expect(constraints.map(({ id }) => judge(id, script, null)?.verdict)).toEqual([
      'fail',
      ...Array(5).fill('inconclusive'),
    ])
  })

  it('its service may be put right meanwhile, which can only be told by verifying again', () => {
    const service = (headless: boolean) =>
      ({ stream: 'services', type: 'modified', object: aService({ headless }) }) as const
    const script = new Script().lists(3).add(service(false)).begin('baseline').end('baseline')
    expect(judge('headless-service', script)?.verdict).toBe('fail')
    expect(judge('headless-service', script.add(service(true)))?.verdict).toBe('inconclusive')
  })

  it('its service must be there, and headless', () => {
    expect(judge('headless-service', new Script({ serviceName: '' }).lists(3))?.verdict).toBe('fail')
    expect(judge('headless-service', new Script({ serviceName: 'other' }).lists(3))?.reason).toContain(
      'no Service other',
    )
    const script = new Script().lists(3).add({
      stream: 'services',
      type: 'modified',
      object: aService({ headless: false, clusterIP: '10.96.0.7' }),
    })
    expect(judge('headless-service', script)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('10.96.0.7'),
    })
  })

  it.each([
    [2, 'fail'],
    [3, 'pass'],
    [5, 'pass'],
  ])('%i replicas: %s', (replicas, verdict) => {
    expect(judge('replicas', new Script({ replicas }).lists(replicas))?.verdict).toBe(verdict)
  })

  it.each([
    [[50 * 1024 * 1024], 'pass'],
    [[50 * 1024 * 1024 - 1], 'fail'],
    [[50_000_000], 'fail'],
    [[1, 60 * 1024 * 1024], 'pass'],
    [[30 * 1024 * 1024, 30 * 1024 * 1024], 'fail'],
    [[], 'fail'],
  ])('templates of %j bytes: %s', (sizes, verdict) => {
    const script = new Script({ claimTemplates: sizes.map(template) }).lists(3)
    expect(judge('storage', script)?.verdict).toBe(verdict)
  })

  it.each([
    ['hopeless', 'fail'],
    ['timeout', 'fail'],
    ['lost', 'inconclusive'],
    ['interrupted', 'inconclusive'],
    ['interfered', 'inconclusive'],
  ] as const)('pods that did not come up (%s): %s, with the diagnosis', (outcome, verdict) => {
    const script = new Script()
      .lists(1)
      .begin('baseline')
      .end('baseline', outcome, 'web-1: CrashLoopBackOff, exit code 1')
    expect(judge('pods-ready', script)).toMatchObject({
      verdict,
      reason: expect.stringContaining('CrashLoopBackOff, exit code 1'),
    })
  })

  it('pods that are all ready pass, with or without a run', () => {
    expect(judge('pods-ready', new Script().lists(3))?.verdict).toBe('pass')
    expect(judge('pods-ready', new Script().lists(3).begin('baseline').end('baseline'))?.verdict).toBe('pass')
    expect(judge('pods-ready', new Script().lists(2))?.verdict).toBe('inconclusive')
  })

  it('identity proof is what criterion 4 finds', () => {
    const script = new Script()
      .lists(3)
      .begin('baseline')
      .content(0)
      .content(1)
      .content(2, { files: [], fileCount: 0 })
      .end('baseline')
    expect(judge('identity-proof', script)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('the volume is empty'),
    })
  })
})
