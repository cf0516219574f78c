import { describe, expect, it } from 'vitest'
import { Api } from '../../../src/embedded/api/api.ts'
import { Client } from '../../../src/embedded/client.ts'
import { heldClock } from '../../../src/embedded/clock.ts'
import type { ApiObject } from '../../../src/embedded/object.ts'
import { kindOf } from '../../../src/embedded/registry/index.ts'
import type { Pod, StatefulSet } from '../../../src/embedded/shapes.ts'
import { StatusError } from '../../../src/embedded/status.ts'

const KUBECTL = { manager: 'kubectl' }
const setUp = () => {
  const clock = heldClock()
  const api = new Api(clock)
  api.create(kindOf('namespaces'), undefined, { metadata: { name: 'here' } }, KUBECTL)
  return { clock, api, client: new Client(api, 'controller') }
}
const podNamed = (name: string, spec: object = {}) => ({
  metadata: { name, namespace: 'here' },
  spec: { containers: [{ name: 'main', image: 'busybox:1.36' }], ...spec },
})
const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'done'
  } catch (error) {
    return error instanceof StatusError ? `${error.code} ${error.reason}` : String(error)
  }
}

describe('deleting a pod', () => {
  it('gives one that runs its grace period, and takes it away when the node says so', () => {
    const { clock, client } = setUp()
    const pod = client.create<Pod>('pods', podNamed('a'))
    client.bind(pod, 'node')
    const marked = client.remove('pods', pod)
    expect(marked?.gone).toBe(false)
    expect(marked?.object.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: new Date(clock.nowMs() + 30_000).toISOString().replace('.000', ''),
    })
    expect(client.get('pods', 'here', 'a')).not.toBeNull()
    expect(client.remove('pods', pod, { gracePeriodSeconds: 0 })?.gone).toBe(true)
    expect(client.get('pods', 'here', 'a')).toBeNull()
  })

  it('marks a pod as gone without grace before it goes, as watchers of a real one see it', () => {
    const { api, client } = setUp()
    const pod = client.create<Pod>('pods', podNamed('a'))
    client.bind(pod, 'node')
    const seen: string[] = []
    api.watch(kindOf('pods'), api.store.revision, ({ type, object: { metadata } }) =>
      seen.push(
        `${type} ${metadata.deletionGracePeriodSeconds} ${metadata.deletionTimestamp?.slice(14, 19)}`,
      ),
    )
    client.remove('pods', pod)
    client.remove('pods', pod, { gracePeriodSeconds: 0 })
    expect(seen).toEqual(['MODIFIED 30 00:30', 'MODIFIED 0 00:00', 'DELETED 0 00:00'])
  })

  it('takes one that nobody runs away at once', () => {
    const { client } = setUp()
    expect(client.remove('pods', client.create('pods', podNamed('a')))?.gone).toBe(true)
  })

  it('leaves another pod of the same name alone', () => {
    const { client } = setUp()
    const old = client.create<Pod>('pods', podNamed('a'))
    client.remove('pods', old)
    const fresh = client.create<Pod>('pods', podNamed('a'))
    expect(client.remove('pods', old)).toBeNull()
    expect(client.get('pods', 'here', 'a')?.metadata.uid).toBe(fresh.metadata.uid)
  })
})

describe('finalizers', () => {
  it('hold an object until the last of them is gone', () => {
    const { client } = setUp()
    const claim = client.create('persistentvolumeclaims', {
      metadata: { name: 'data', namespace: 'here' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    })
    expect(claim.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection'])
    expect(client.remove('persistentvolumeclaims', claim)?.gone).toBe(false)
    client.change('persistentvolumeclaims', claim, (copy) => {
      delete copy.metadata.finalizers
    })
    expect(client.get('persistentvolumeclaims', 'here', 'data')).toBeNull()
  })

  it('hold a namespace until its contents are gone, and let nothing new in meanwhile', () => {
    const { api, client } = setUp()
    const namespace = api.get(kindOf('namespaces'), undefined, 'here')
    client.remove('namespaces', namespace)
    expect(codeOf(() => client.create('pods', podNamed('a')))).toBe('403 Forbidden')
    expect(codeOf(() => api.remove(kindOf('namespaces'), undefined, 'here', {}))).toBe('409 Conflict')
    client.change(
      'namespaces',
      namespace,
      (copy) => {
        copy.spec = { finalizers: [] }
      },
      'finalize',
    )
    expect(client.get('namespaces', undefined, 'here')).toBeNull()
  })
})

describe('writing', () => {
  const set = {
    metadata: { name: 'web', namespace: 'here' },
    spec: {
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: podNamed('x').spec },
    },
  }

  it('counts changes of the spec, and of nothing else, as generations', () => {
    const { client } = setUp()
    const web = client.create<StatefulSet>('statefulsets', set)
    client.change<StatefulSet>('statefulsets', web, (copy) => {
      copy.metadata.labels = { a: 'b' }
    })
    client.changeStatus<StatefulSet>('statefulsets', web, (copy) => {
      copy.status = { ...copy.status, readyReplicas: 1 }
    })
    expect(client.get('statefulsets', 'here', 'web')?.metadata.generation).toBe(1)
    client.change<StatefulSet>('statefulsets', web, (copy) => {
      copy.spec.replicas = 5
    })
    expect(client.get('statefulsets', 'here', 'web')?.metadata.generation).toBe(2)
  })

  it('keeps spec and status apart', () => {
    const { client } = setUp()
    const web = client.create<StatefulSet>('statefulsets', set)
    client.changeStatus<StatefulSet>('statefulsets', web, (copy) => {
      copy.spec.replicas = 7
    })
    client.change<StatefulSet>('statefulsets', web, (copy) => {
      copy.status = { readyReplicas: 9 }
    })
    const now = client.get<StatefulSet>('statefulsets', 'here', 'web')
    expect(now?.spec.replicas).toBe(1)
    expect(now?.status?.readyReplicas).toBeUndefined()
  })

  it('writes nothing where nothing changes', () => {
    const { api, client } = setUp()
    const web = client.create<StatefulSet>('statefulsets', set)
    const before = api.store.revision
    client.change<StatefulSet>('statefulsets', web, () => undefined)
    expect(api.store.revision).toBe(before)
  })

  it('refuses to replace a state that is no longer the present one', () => {
    const { client } = setUp()
    const web = client.create<StatefulSet>('statefulsets', set)
    client.change<StatefulSet>('statefulsets', web, (copy) => {
      copy.spec.replicas = 2
    })
    expect(codeOf(() => client.replace('statefulsets', web))).toBe('409 Conflict')
  })

  it('does nothing for good in a dry run', () => {
    const { api } = setUp()
    const dry = { ...KUBECTL, dryRun: true }
    api.create(kindOf('pods'), 'here', podNamed('a'), dry)
    expect(api.list(kindOf('pods')).items).toEqual([])
    api.create(kindOf('pods'), 'here', podNamed('a'), KUBECTL)
    api.remove(kindOf('pods'), 'here', 'a', { dryRun: true })
    expect(api.list(kindOf('pods')).items).toHaveLength(1)
  })
})

describe('watching in this process', () => {
  it('tells of what is there and of what comes, never inside the write', () => {
    const { clock, client } = setUp()
    const seen: string[] = []
    const say = (what: string) => (object: ApiObject) => {
      seen.push(`${what} ${object.metadata.name}`)
      // A watcher that writes is told of it later.
      if (what === 'added' && object.metadata.name === 'a') client.create('pods', podNamed('b'))
    }
    const a = client.create('pods', podNamed('a'))
    const stop = client.watch('pods', {
      added: say('added'),
      changed: say('changed'),
      removed: say('removed'),
    })
    expect(seen).toEqual([])
    clock.advance(0)
    client.change('pods', a, (copy) => {
      copy.metadata.labels = { x: 'y' }
    })
    client.remove('pods', a)
    clock.advance(0)
    stop()
    client.create('pods', podNamed('c'))
    clock.advance(0)
    expect(seen).toEqual(['added a', 'added b', 'changed a', 'changed a', 'removed a'])
  })
})

describe('events', () => {
  it('are counted up where the same is said of the same object again', () => {
    const { client } = setUp()
    const pod = client.create('pods', podNamed('a'))
    client.record(pod, 'Warning', 'FailedScheduling', 'no node')
    client.record(pod, 'Warning', 'FailedScheduling', 'no node')
    client.record(pod, 'Warning', 'FailedScheduling', 'still no node')
    const counts = client.list<ApiObject & { count: number }>('events').map(({ count }) => count)
    expect(counts.sort()).toEqual([1, 2])
  })
})
