import {
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { embeddedServer } from './support/embedded-server.ts'

const here = embeddedServer()
const set = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    replicas,
    serviceName: 'web',
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
    },
  },
})

describe('the official client', () => {
  const connect = (): KubeConfig => {
    const config = new KubeConfig()
    config.loadFromFile(here.kubeconfig)
    return config
  }

  it('creates, applies, scales, lists and deletes', async () => {
    const apps = connect().makeApiClient(AppsV1Api)
    const place = { namespace: 'default', name: 'web' }
    const created = await apps.createNamespacedStatefulSet({ namespace: 'default', body: set(1) })
    expect(created.metadata?.creationTimestamp).toBeInstanceOf(Date)
    await apps.patchNamespacedStatefulSet(
      { ...place, body: set(2), fieldManager: 'test', force: true },
      setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
    )
    const scale = await apps.readNamespacedStatefulSetScale(place)
    expect(scale.spec?.replicas).toBe(2)
    await apps.replaceNamespacedStatefulSetScale({ ...place, body: { ...scale, spec: { replicas: 4 } } })
    const listed = await apps.listStatefulSetForAllNamespaces({ labelSelector: '!nothing' })
    expect(listed.items.map(({ spec }) => spec?.replicas)).toEqual([4])
    await apps.deleteNamespacedStatefulSet(place)
    await expect(apps.readNamespacedStatefulSet(place)).rejects.toMatchObject({ code: 404 })
  })

  it('watches', async () => {
    const config = connect()
    const core = config.makeApiClient(CoreV1Api)
    const seen: string[] = []
    await new Promise<void>((resolve, reject) => {
      const heard = (type: string, object: { metadata: { name: string } }) => {
        seen.push(`${type} ${object.metadata.name}`)
        if (type === 'DELETED') resolve()
      }
      const resourceVersion = String(here.server.api.store.revision)
      new Watch(config)
        .watch('/api/v1/namespaces/default/configmaps', { resourceVersion }, heard, () => resolve())
        .then(async (controller) => {
          await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'conf' } } })
          await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'conf' })
          setTimeout(() => controller.abort(), 5_000).unref()
        })
        .catch(reject)
    })
    expect(seen).toEqual(['ADDED conf', 'DELETED conf'])
  })
})
