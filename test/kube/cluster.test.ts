import { Agent } from 'node:https'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clusterOver, type OpenedCluster } from '../../src/kube/cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import type { Clock } from '../../src/ports.ts'
import { type Answer, type ApiStub, cut, json, refusal, startApiStub } from '../helpers/api-stub.ts'

const signal = new AbortController().signal
let stub: ApiStub
let cluster: OpenedCluster
let slept: number[]

beforeEach(async () => {
  stub = await startApiStub()
  slept = []
  let ms = 0
  // Sleeping moves the time and takes none.
  const clock: Clock = {
    now: () => new Date(ms),
    monotonicMs: () => ms,
    async sleep(pause) {
      slept.push(pause)
      ms += pause
    },
  }
  const agent = new Agent({ keepAlive: true, ca: stub.ca })
  const connection = createTransport({
    server: stub.url,
    credential: async () => ({ headers: {}, agent, renewable: false }),
  })
  cluster = clusterOver(connection, {
    context: 'somewhere',
    namespace: null,
    clock,
    recognise: { context: () => null, node: (node) => (node.name === 'minikube' ? 'minikube' : null) },
  })
})
afterEach(async () => {
  cluster.close()
  await stub.close()
})

const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'lab', name: 'web-0' }
const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'lab', name: 'web' }
const POD = '/api/v1/namespaces/lab/pods/web-0'
const podObject = (metadata: Record<string, unknown>) =>
  json({ ...pod, metadata: { name: 'web-0', ...metadata } })
const hear = async () => {
  stub.on(`GET ${POD}`, podObject({ uid: 'u1' }))
  await cluster.get(pod, signal)
}

describe('identity', () => {
  it('is the version and what the nodes say', async () => {
    stub.on('GET /version', json({ gitVersion: 'v1.31.2' }))
    stub.on('GET /api/v1/nodes', json({ items: [{ metadata: { name: 'minikube' } }] }))
    expect(await cluster.identity(signal)).toEqual({
      context: 'somewhere',
      server: stub.url,
      version: 'v1.31.2',
      provider: 'minikube',
      simulated: false,
    })
  })

  it('is simulated where the version says so', async () => {
    stub.on('GET /version', json({ gitVersion: 'v1.34.0+sts-lab-simulated' }))
    stub.on('GET /api/v1/nodes', json({ items: [] }))
    expect(await cluster.identity(signal)).toMatchObject({ simulated: true })
  })

  it('knows how much faster the time of a simulated cluster runs, and asks once', async () => {
    stub.on('GET /version', json({ gitVersion: 'v1.34.0+sts-lab-simulated', simulatedSpeed: 20 }))
    expect([await cluster.pace(signal), await cluster.pace(signal)]).toEqual([20, 20])
    expect(stub.requests).toHaveLength(1)
  })

  it.each([
    { gitVersion: 'v1.31.2', simulatedSpeed: 20 },
    { gitVersion: 'v1.34.0+sts-lab-simulated' },
    { gitVersion: 'v1.34.0+sts-lab-simulated', simulatedSpeed: 0 },
    { gitVersion: 'v1.34.0+sts-lab-simulated', simulatedSpeed: 'fast' },
  ])('of %j its time is ours', async (version) => {
    stub.on('GET /version', json(version))
    expect(await cluster.pace(signal)).toBe(1)
  })

  it('asks the nodes once', async () => {
    stub.on('GET /api/v1/nodes', json({ items: [{ metadata: { name: 'other' } }] }))
    expect([await cluster.provider(signal), await cluster.provider(signal)]).toEqual([null, null])
    expect(stub.requests).toHaveLength(1)
  })

  it('asks again when the nodes could not be had', async () => {
    stub.on('GET /api/v1/nodes', refusal(503, 'ServiceUnavailable', 'starting'), json({ items: [] }))
    await expect(cluster.provider(signal)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await cluster.provider(signal)).toBeNull()
  })

  it('is unknown to those who may not see nodes', async () => {
    stub.on('GET /version', json({ gitVersion: 'v1.31.2' }))
    stub.on('GET /api/v1/nodes', refusal(403, 'Forbidden', 'nodes is forbidden'))
    expect(await cluster.identity(signal)).toMatchObject({ provider: 'unknown' })
  })
})

describe('a passing fault', () => {
  it('is borne once the server has been heard', async () => {
    await hear()
    stub.on(`GET ${POD}`, cut, cut, refusal(503, 'ServiceUnavailable', 'starting'), podObject({ uid: 'u2' }))
    expect((await cluster.get(pod, signal))?.metadata.uid).toBe('u2')
    expect(slept.length).toBeGreaterThan(0)
  })

  it('at the first contact is told at once', async () => {
    stub.on(`GET ${POD}`, refusal(503, 'ServiceUnavailable', 'starting'))
    await expect(cluster.get(pod, signal)).rejects.toMatchObject({ code: 'unavailable' })
    expect(slept).toEqual([])
  })

  it('that does not pass ends in its own words', async () => {
    await hear()
    stub.on(`GET ${POD}`, refusal(503, 'ServiceUnavailable', 'still starting'))
    await expect(cluster.get(pod, signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('still starting'),
    })
    expect(slept.reduce((a, b) => a + b)).toBeLessThanOrEqual(30_000)
  })
})

describe('create', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'lab' } }
  const CONFIG_MAPS = '/api/v1/namespaces/lab/configmaps'

  it('finds its own object again when the answer was lost', async () => {
    await hear()
    let created: unknown = null
    const lose: Answer = (request, response) => {
      created = request.json()
      cut(request, response)
    }
    stub.on(`POST ${CONFIG_MAPS}`, lose, refusal(409, 'AlreadyExists', 'configmaps "c" already exists'))
    stub.on(`GET ${CONFIG_MAPS}/c`, (request, response) => json(created)(request, response))
    expect((await cluster.create(object, signal)).metadata.name).toBe('c')
  })

  it("does not take another's object for its own", async () => {
    await hear()
    stub.on(`POST ${CONFIG_MAPS}`, cut, refusal(409, 'AlreadyExists', 'configmaps "c" already exists'))
    stub.on(`GET ${CONFIG_MAPS}/c`, json(object))
    await expect(cluster.create(object, signal)).rejects.toMatchObject({ code: 'already-exists' })
  })
})

describe('remove', () => {
  const conflict = refusal(409, 'Conflict', 'Precondition failed: UID in precondition: u1')

  it('sends the UID, the propagation and the grace period', async () => {
    stub.on(`DELETE ${POD}`, json({}))
    await cluster.remove(pod, { uid: 'u1', propagation: 'Foreground', gracePeriodSeconds: 2, signal })
    expect(stub.requests.at(-1)?.json()).toMatchObject({
      preconditions: { uid: 'u1' },
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 2,
    })
  })

  it('is "absent" when there is none', async () => {
    stub.on(`DELETE ${POD}`, refusal(404, 'NotFound', 'no'))
    expect(await cluster.remove(pod, { signal })).toBe('absent')
  })

  it('is "replaced" when another has the name', async () => {
    stub.on(`DELETE ${POD}`, conflict)
    stub.on(`GET ${POD}`, podObject({ uid: 'u2' }))
    expect(await cluster.remove(pod, { uid: 'u1', signal })).toBe('replaced')
  })

  it('is "deleting" when that very object is on its way already', async () => {
    stub.on(`DELETE ${POD}`, conflict)
    stub.on(`GET ${POD}`, podObject({ uid: 'u1', deletionTimestamp: '2026-01-01T00:00:00Z' }))
    expect(await cluster.remove(pod, { uid: 'u1', signal })).toBe('deleting')
  })

  it('does not repeat a lost delete of a pod without UID: it could meet the successor', async () => {
    await hear()
    stub.on(`DELETE ${POD}`, cut)
    await expect(cluster.remove(pod, { signal })).rejects.toMatchObject({ code: 'connection-lost' })
    expect(stub.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })

  it('repeats a lost delete with UID', async () => {
    await hear()
    stub.on(`DELETE ${POD}`, cut, json({}))
    expect(await cluster.remove(pod, { uid: 'u1', signal })).toBe('deleting')
  })
})

describe('the rest', () => {
  it('get is null when there is none', async () => {
    stub.on(`GET ${POD}`, refusal(404, 'NotFound', 'no'))
    expect(await cluster.get(pod, signal)).toBeNull()
  })

  it('list selects by label and gives items their kind', async () => {
    stub.on('GET /apis/apps/v1/namespaces/lab/statefulsets', json({ items: [{ metadata: { name: 'web' } }] }))
    const items = await cluster.list(set, { labelSelector: 'app=web', signal })
    expect(items).toEqual([{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' } }])
    expect(stub.requests[0]?.query.get('labelSelector')).toBe('app=web')
  })

  it('scale touches only the scale subresource', async () => {
    stub.on('PATCH /apis/apps/v1/namespaces/lab/statefulsets/web/scale', json({}))
    await cluster.scale(set, 5, signal)
    expect(stub.requests[0]?.json()).toEqual({ spec: { replicas: 5 } })
    expect(stub.requests[0]?.headers['content-type']).toBe('application/merge-patch+json')
  })

  it('canI says what the server says', async () => {
    const path = 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    stub.on(path, json({ status: { allowed: true } }), json({ status: { allowed: false } }, 201), json({}))
    const ask = () =>
      cluster.canI({ verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'lab' }, signal)
    expect([await ask(), await ask(), await ask()]).toEqual([true, false, false])
    expect(stub.requests[0]?.json()).toMatchObject({ spec: { resourceAttributes: { subresource: 'exec' } } })
  })

  it('logs are bounded and come as text', async () => {
    stub.on(`GET ${POD}/log`, (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}\n')
    })
    expect(await cluster.logs({ namespace: 'lab', pod: 'web-0', tailLines: 3, previous: true, signal })).toBe(
      '{"a":1}\n',
    )
    const query = stub.requests[0]?.query
    expect([query?.get('tailLines'), query?.get('previous'), query?.has('limitBytes')]).toEqual([
      '3',
      'true',
      true,
    ])
  })

  it('an unusual kind is looked up once', async () => {
    const discovery = {
      resources: [
        { name: 'widgets', kind: 'Widget', namespaced: true },
        { name: 'widgets/status', kind: 'Widget', namespaced: true },
      ],
    }
    stub.on('GET /apis/example.com/v1', json(discovery))
    stub.on('GET /apis/example.com/v1/namespaces/lab/widgets/w', json({ metadata: { name: 'w' } }))
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', namespace: 'lab', name: 'w' }
    await cluster.get(widget, signal)
    await cluster.get(widget, signal)
    expect(stub.requests.filter(({ path }) => path === '/apis/example.com/v1')).toHaveLength(1)
  })

  it('an unknown kind is a mistake, with what was meant', async () => {
    stub.on('GET /apis/apps/v1', json({ resources: [] }))
    stub.on('GET /apis/example.com/v1', refusal(404, 'NotFound', 'no'))
    const find = (apiVersion: string, kind: string) => cluster.get({ ...set, apiVersion, kind }, signal)
    await expect(find('apps/v1', 'StatefullSet')).rejects.toMatchObject({
      kind: 'usage',
      code: 'unknown-kind',
      message: expect.stringContaining('did you mean "StatefulSet"'),
    })
    await expect(find('example.com/v1', 'StatefulSet')).rejects.toMatchObject({
      message: expect.stringContaining('StatefulSet is in apps/v1'),
    })
  })
})
