import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { inNamespace } from './support/namespace.ts'
import { LABELS, studentSet, WRITE_ONCE } from './support/student-set.ts'
import { ALL_PASS, expectVerdicts, inventory, numbersOf, verifyIn } from './support/verify.ts'

describe('a right set whose containers ignore SIGTERM', () => {
  const namespace = inNamespace('slow')

  it('passes, and says why it took long', async () => {
    await applyYaml(
      namespace.api,
      namespace.name,
      studentSet({
        container: { command: ['sh', '-c', `${WRITE_ONCE}; sleep 3600; :`] },
        pod: { terminationGracePeriodSeconds: 2 },
      }),
    )
    const verified = await verifyIn(namespace.name)
    expectVerdicts(verified, ALL_PASS)
  })
})

describe('a set with an older claim of a pod it does not have', () => {
  const namespace = inNamespace('old')

  it('keeps that claim, which growth reuses and clean-up does not own', async () => {
    const { name, api } = namespace
    await applyYaml(api, name, studentSet())
    await applyYaml(
      api,
      name,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data-web-3', labels: LABELS },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Mi' } } },
      }),
    )
    expectVerdicts(await verifyIn(name), ALL_PASS)
    expect((await inventory(api, name)).claims).toEqual([
      'data-web-0',
      'data-web-1',
      'data-web-2',
      'data-web-3',
    ])
  })

  it('changes nothing at all with --only 1,3', async () => {
    const { name, api } = namespace
    const podUids = async () =>
      (await api.list<{ metadata: { uid: string; name: string } }>(`/api/v1/namespaces/${name}/pods`)).map(
        ({ metadata }) => metadata.uid,
      )
    const before = await podUids()
    const { result, code } = await verifyIn(name, '--only', '1,3')
    expect(numbersOf(result, 'pass')).toEqual([1, 3])
    expect(code).toBe(0)
    expect(await podUids()).toEqual(before)
  })
})
