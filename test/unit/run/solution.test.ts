import { describe, expect, it } from 'vitest'
import type { Lab } from '../../../src/lab/lab.ts'
import type { KubeObject } from '../../../src/ports.ts'
import { applySolution } from '../../../src/run/solution.ts'
import { NAMESPACE, SERVICE, SET } from '../../helpers/builders.ts'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { tinyLab } from './tiny-lab.ts'

const DOCUMENTS: readonly KubeObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: SERVICE, namespace: NAMESPACE } },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: SET, namespace: NAMESPACE } },
]
const lab: Lab = { ...tinyLab, guidance: 'none', steps: [], statefulSet: null, solution: ['all.yaml'] }

const solve = (cluster: FakeCluster) =>
  applySolution({
    cluster,
    lab,
    manifests: {
      load: async (file) =>
        DOCUMENTS.map((object) => ({ object, source: { file, line: 1, position: () => null } })),
      folder: 'manifests/tiny',
      labNamespace: NAMESPACE,
      namespace: NAMESPACE,
    },
    known: new Set(),
    signal: new AbortController().signal,
  })

describe('applying the solution of an independent lab', () => {
  it('makes the namespace where there is none, and names the set', async () => {
    const cluster = new FakeCluster()
    expect(await solve(cluster)).toMatchObject({ statefulSet: SET, foreignNamespace: false })
    expect(cluster.calls).toEqual([
      `apply Namespace/${NAMESPACE}`,
      `apply Service/${SERVICE}`,
      `apply StatefulSet/${SET}`,
    ])
  })

  it('uses a namespace of somebody else’s and leaves it alone', async () => {
    const cluster = new FakeCluster().hasNamespace()
    expect((await solve(cluster)).foreignNamespace).toBe(true)
    expect(cluster.calls).toEqual([`apply Service/${SERVICE}`, `apply StatefulSet/${SET}`])
  })

  it('changes nothing where a service of that name is somebody else’s', async () => {
    const cluster = new FakeCluster().hasNamespace().hasService()
    await expect(solve(cluster)).rejects.toMatchObject({ code: 'not-ours' })
    expect(cluster.calls).toEqual([])
  })

  it('changes nothing where the set would take over somebody else’s claims', async () => {
    const cluster = new FakeCluster().hasNamespace()
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `data-${SET}-1`, uid: 'c' },
    }
    cluster.list = async () => [claim]
    await expect(solve(cluster)).rejects.toMatchObject({
      code: 'not-ours',
      message: expect.stringContaining(`data-${SET}-1`),
    })
    expect(cluster.calls).toEqual([])
    cluster.list = async () => [
      { ...claim, metadata: { ...claim.metadata, labels: { 'sts-lab.dev/lab': 'tiny' } } },
    ]
    expect((await solve(cluster)).statefulSet).toBe(SET)
  })
})
