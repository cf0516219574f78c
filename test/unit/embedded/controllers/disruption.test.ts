import { describe, expect, it } from 'vitest'
import { askBudgets } from '../../../../src/embedded/api/eviction.ts'
import type { ApiObject, JsonObject } from '../../../../src/embedded/object.ts'
import { StatusError } from '../../../../src/embedded/status.ts'
import { aCluster, aSet, HERE, type TestCluster } from './support/cluster.ts'

// Counts and words were compared with those of a Kubernetes 1.20.2.

function protectedBy(spec: object): TestCluster {
  const cluster = aCluster()
  cluster.client.create('poddisruptionbudgets', {
    metadata: { name: 'budget', namespace: HERE },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  })
  cluster.client.create('statefulsets', aSet())
  cluster.pass(20_000)
  return cluster
}

const budget = ({ client }: TestCluster): JsonObject =>
  client.get<ApiObject>('poddisruptionbudgets', HERE, 'budget')?.status as JsonObject

/** As a drain does it. @returns what the server refuses it with */
function evict({ api, client, pod }: TestCluster, name: string): string {
  try {
    askBudgets(api, HERE, name)
    client.remove('pods', pod(name))
    return ''
  } catch (error) {
    if (error instanceof StatusError)
      return [error.code, error.message, error.details?.causes?.[0]?.message].join(' ')
    throw error
  }
}

describe('a disruption budget', () => {
  it.each([
    [{ maxUnavailable: 1 }, 2],
    [{ minAvailable: 2 }, 2],
    [{ minAvailable: '50%' }, 2],
    [{ maxUnavailable: '34%' }, 1],
  ])('%j leaves so many of three pods', (spec, desiredHealthy) => {
    const cluster = protectedBy(spec)
    expect(budget(cluster)).toMatchObject({
      expectedPods: 3,
      currentHealthy: 3,
      desiredHealthy,
      disruptionsAllowed: 3 - desiredHealthy,
      conditions: [{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' }],
    })
  })

  it('lets one pod be evicted, and the next when that is back', () => {
    const cluster = protectedBy({ maxUnavailable: 1 })
    expect(evict(cluster, 'web-2')).toBe('')
    expect(evict(cluster, 'web-1')).toMatch(
      /^429 Cannot evict pod as it would violate the pod's disruption budget\. The disruption budget budget needs 2 healthy pods and has \d currently$/,
    )
    cluster.pass(100)
    expect(budget(cluster)).toMatchObject({
      currentHealthy: 2,
      disruptionsAllowed: 0,
      conditions: [{ status: 'False', reason: 'InsufficientPods' }],
    })
    cluster.pass(20_000)
    expect(evict(cluster, 'web-1')).toBe('')
  })

  it('does not keep a pod that serves nobody', () => {
    const cluster = protectedBy({ minAvailable: 2 })
    cluster.node.breakReadiness('web-1')
    cluster.pass(1_000)
    expect(budget(cluster)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 })
    expect(evict(cluster, 'web-0')).toMatch(/^429 /)
    expect(evict(cluster, 'web-1')).toBe('')
  })

  it('can only be one for a pod, and says when it protects none', () => {
    const cluster = protectedBy({ minAvailable: 1 })
    expect(cluster.said('budget')).toEqual(['Normal NoPods No matching pods found'])
    cluster.client.create('poddisruptionbudgets', {
      metadata: { name: 'second', namespace: HERE },
      spec: { selector: {}, minAvailable: 0 },
    })
    cluster.pass(100)
    expect(evict(cluster, 'web-0')).toMatch(/^500 This pod has more than one PodDisruptionBudget, /)
  })
})
