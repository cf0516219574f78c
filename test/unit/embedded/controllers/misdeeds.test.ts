import { describe, expect, it } from 'vitest'
import type { Misdeed } from '../../../../src/embedded/controllers/misdeeds.ts'
import { aCluster, aSet, order, type TestCluster } from './support/cluster.ts'

/** Up, down to one and up again. */
function story(...misdeeds: readonly Misdeed[]) {
  const cluster: TestCluster = aCluster({ misdeeds: new Set(misdeeds) })
  const scaleTo = (replicas: number): string => {
    cluster.edit((spec) => {
      spec.replicas = replicas
    })
    cluster.pass(20_000)
    return order(cluster.pods)
  }
  cluster.client.create('statefulsets', aSet())
  cluster.pass(20_000)
  const up = order(cluster.pods)
  const volumes = () => ['data-web-1', 'data-web-2'].map((name) => cluster.claim(name).spec.volumeName)
  const before = volumes()
  const down = scaleTo(1)
  const claims = cluster.names('persistentvolumeclaims').length
  const again = scaleTo(3)
  return {
    cluster,
    up,
    down,
    claims,
    again,
    sameVolumes: JSON.stringify(before) === JSON.stringify(volumes()),
  }
}

describe('a controller that does wrong', () => {
  it('is the exception', () => {
    expect(story()).toMatchObject({
      up: 'web-0 added, web-0 ready, web-1 added, web-1 ready, web-2 added, web-2 ready',
      down: 'web-2 terminating, web-2 gone, web-1 terminating, web-1 gone',
      claims: 3,
      again: 'web-1 added, web-1 ready, web-2 added, web-2 ready',
      sameVolumes: true,
    })
  })

  it('creates at once, or backwards', () => {
    expect(story('creates-at-once').up).toMatch(/^web-0 added, web-1 added, web-2 added/)
    expect(story('creates-backwards').up).toBe(
      'web-2 added, web-2 ready, web-1 added, web-1 ready, web-0 added, web-0 ready',
    )
  })

  it('deletes at once, or forwards', () => {
    expect(story('deletes-at-once').down).toMatch(/^web-2 terminating, web-1 terminating/)
    expect(story('deletes-forwards').down).toBe(
      'web-1 terminating, web-1 gone, web-2 terminating, web-2 gone',
    )
  })

  it('deletes claims, or loses what was in them', () => {
    expect(story('deletes-claims')).toMatchObject({ claims: 1, sameVolumes: false })
    expect(story('loses-volumes')).toMatchObject({ claims: 3, sameVolumes: false })
  })

  it('forgets hostnames', () => {
    expect(story('forgets-hostnames').cluster.pod('web-0').spec).not.toHaveProperty('hostname')
  })
})
