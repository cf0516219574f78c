import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { eventually } from './support/eventually.ts'
import { inNamespace } from './support/namespace.ts'
import { isDefaultClass, isReady, type WithConditions } from './support/usable.ts'

const POD = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Mi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: shell }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: shell
      image: busybox:1.36
      command: [sh, -c, 'trap "exit 0" TERM; while :; do sleep 1; done']
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
`

describe('the cluster of this run', () => {
  const ns = inNamespace('cluster')

  it('has a ready node and a default StorageClass', async () => {
    expect((await ns.api.list<WithConditions>('/api/v1/nodes')).some(isReady)).toBe(true)
    expect((await ns.api.list('/apis/storage.k8s.io/v1/storageclasses')).filter(isDefaultClass)).toHaveLength(
      1,
    )
  })

  it('runs a pod with a claim, and commands in it', async () => {
    await applyYaml(ns.api, ns.name, POD)
    await eventually(
      'the pod is ready',
      async () => {
        const pod = await ns.api.get<WithConditions>(`/api/v1/namespaces/${ns.name}/pods/shell`)
        return pod !== null && isReady(pod) ? null : JSON.stringify(pod?.status)
      },
      120_000,
    )
    const place = { namespace: ns.name, pod: 'shell', container: 'shell' }
    await ns.api.exec(place, 'sh', '-c', 'echo kept > /data/file')
    expect(await ns.api.exec(place, 'cat', '/data/file')).toBe('kept\n')
    await expect(ns.api.exec(place, 'sh', '-c', 'exit 7')).rejects.toThrow('exit 7')
  })

  it('answers names from inside a pod', async () => {
    const place = { namespace: ns.name, pod: 'shell', container: 'shell' }
    expect(await ns.api.exec(place, 'nslookup', 'kubernetes.default.svc.cluster.local')).toMatch(
      /Address.*\d+\.\d+/,
    )
  })
})
