import { request } from 'node:https'
import { describe, expect, it } from 'vitest'
import { at } from '../../src/embedded/object.ts'
import { embeddedServer } from './support/embedded-server.ts'
import { ask } from './support/raw-client.ts'

const here = embeddedServer()
const PODS = '/api/v1/namespaces/default/pods'

interface Watch {
  readonly lines: unknown[]
  readonly ended: Promise<'ended' | 'cut'>
  until(count: number): Promise<readonly string[]>
  close(): void
}

/** A watch as any client would hold it: its events as they come. */
function watch(path: string, accept = 'application/json'): Promise<Watch> {
  const { server, token, agent } = here.raw
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server}${path}`,
      { agent, headers: { authorization: `Bearer ${token}`, accept } },
      (response) => {
        const lines: unknown[] = []
        const waiting = new Set<() => void>()
        let rest = ''
        response.on('data', (chunk: Buffer) => {
          const parts = (rest + chunk.toString('utf8')).split('\n')
          rest = parts.pop() ?? ''
          lines.push(...parts.map((part) => JSON.parse(part) as unknown))
          for (const wake of [...waiting]) wake()
        })
        const ended = new Promise<'ended' | 'cut'>((settle) => {
          response.on('end', () => settle('ended'))
          response.on('error', () => settle('cut'))
        })
        resolve({
          lines,
          ended,
          until: (count) =>
            new Promise((done) => {
              const look = () => {
                if (lines.length < count) return
                waiting.delete(look)
                done(lines.slice(0, count).map(said))
              }
              waiting.add(look)
              look()
            }),
          close: () => sent.destroy(),
        })
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

const said = (event: unknown): string =>
  `${at(event, 'type')} ${at(event, 'object', 'metadata', 'name') ?? at(event, 'object', 'code') ?? ''}`.trim()
const podNamed = (name: string, labels: Record<string, string> = {}) => ({
  metadata: { name, namespace: 'default', labels },
  spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
})
const now = () => here.server.api.store.revision

describe('a watch', () => {
  it('from a version that is none is refused like any other request', async () => {
    const { code } = await ask(here.raw, { method: 'GET', path: `${PODS}?watch=1&resourceVersion=abc` })
    expect(code).toBe(400)
  })

  it('resumes from a version without losing or doubling an event', async () => {
    const from = now()
    const pod = here.client.create('pods', podNamed('a'))
    const stream = await watch(`${PODS}?watch=true&resourceVersion=${from}`)
    here.client.remove('pods', pod)
    expect(await stream.until(3)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a'])
    stream.close()
  })

  it('adds what comes into its selection, and deletes what leaves it', async () => {
    const stream = await watch(`${PODS}?watch=true&labelSelector=tier%3Dfront&resourceVersion=${now()}`)
    const pod = here.client.create('pods', podNamed('b'))
    const label = (labels: Record<string, string>) =>
      here.client.change('pods', pod, (copy) => {
        copy.metadata.labels = labels
      })
    label({ tier: 'front' })
    label({ tier: 'front', more: 'x' })
    label({ tier: 'back' })
    expect(await stream.until(3)).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b'])
    expect(at(stream.lines[2], 'object', 'metadata', 'labels')).toEqual({ tier: 'front', more: 'x' })
    here.client.remove('pods', pod)
    stream.close()
  })

  it('ends with a bookmark when its time is over', async () => {
    const stream = await watch(
      `${PODS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${now()}`,
    )
    here.client.create('configmaps', { metadata: { name: 'other', namespace: 'default' } })
    expect(await stream.ended).toBe('ended')
    expect(stream.lines.map(said)).toEqual(['BOOKMARK'])
    expect(at(stream.lines[0], 'object', 'metadata', 'resourceVersion')).toBe(String(now()))
  })

  it('sends what is there and then says that this was all, when asked for both', async () => {
    const pod = here.client.create('pods', podNamed('c'))
    const stream = await watch(
      `${PODS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    )
    expect(await stream.until(2)).toEqual(['ADDED c', 'BOOKMARK'])
    expect(at(stream.lines[1], 'object', 'metadata', 'annotations')).toEqual({
      'k8s.io/initial-events-end': 'true',
    })
    here.client.remove('pods', pod)
    stream.close()
  })

  it('says Gone inside the stream for a position that is forgotten', async () => {
    const from = now()
    here.client.remove('pods', here.client.create('pods', podNamed('d')))
    here.server.api.store.compact()
    const stream = await watch(`${PODS}?watch=true&resourceVersion=${from}`)
    expect(await stream.until(1)).toEqual(['ERROR 410'])
    expect(await stream.ended).toBe('ended')
  })

  it('carries tables, the columns only once', async () => {
    const stream = await watch(
      `${PODS}?watch=true&resourceVersion=${now()}`,
      'application/json;as=Table;v=v1;g=meta.k8s.io',
    )
    const pod = here.client.create('pods', podNamed('e'))
    here.client.remove('pods', pod)
    await stream.until(3)
    const columns = stream.lines.map((line) => (at(line, 'object', 'columnDefinitions') as unknown[]).length)
    expect(columns).toEqual([9, 0, 0])
    expect(at(stream.lines[0], 'object', 'rows', 0, 'cells', 2)).toBe('Pending')
    stream.close()
  })
})

describe('faults', () => {
  it('hold events back and let them go', async () => {
    const stream = await watch(`${PODS}?watch=true&resourceVersion=${now()}`)
    here.server.faults.stallWatches('pods')
    const pod = here.client.create('pods', podNamed('f'))
    here.client.create('configmaps', { metadata: { name: 'f', namespace: 'default' } })
    expect(stream.lines).toEqual([])
    here.server.faults.resumeWatches()
    here.client.remove('pods', pod)
    expect(await stream.until(3)).toEqual(['ADDED f', 'MODIFIED f', 'DELETED f'])
    stream.close()
  })

  it('bring events out of order', async () => {
    const stream = await watch(`${PODS}?watch=true&resourceVersion=${now()}`)
    here.server.faults.reorderEvents(3)
    const pod = here.client.create('pods', podNamed('g'))
    here.client.remove('pods', pod)
    expect(await stream.until(3)).toEqual(['DELETED g', 'MODIFIED g', 'ADDED g'])
    here.server.faults.reorderEvents(0)
    stream.close()
  })

  it('cut connections, and fail or delay single requests', async () => {
    const { faults } = here.server
    const stream = await watch(`/api/v1/secrets?watch=true&resourceVersion=${now()}`)
    expect(faults.cutWatches('services')).toBe(0)
    expect(faults.cutWatches('secrets')).toBe(1)
    expect(await stream.ended).toBe('cut')
    faults.add({
      path: /pods$/,
      times: 1,
      fault: { kind: 'status', code: 500, reason: 'InternalError', message: 'bad day' },
    })
    expect(await ask(here.raw, { method: 'GET', path: PODS })).toMatchObject({
      code: 500,
      body: { message: 'bad day' },
    })
    expect((await ask(here.raw, { method: 'GET', path: PODS })).code).toBe(200)
    faults.add({ method: 'GET', times: 1, fault: { kind: 'cut' } })
    await expect(ask(here.raw, { method: 'GET', path: PODS })).rejects.toThrow()
  })
})

describe('a list in pages', () => {
  it('shows one moment, whatever changes between the pages', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4']) here.client.create('pods', podNamed(name, { list: 'x' }))
    const page = async (query: string) => {
      const { code, body } = await ask(here.raw, { method: 'GET', path: `${PODS}?limit=2${query}` })
      const items = (at(body, 'items') ?? []) as unknown[]
      return {
        code,
        names: items.map((item) => at(item, 'metadata', 'name')),
        token: String(at(body, 'metadata', 'continue')),
        body,
      }
    }
    const first = await page('')
    expect(first.names).toEqual(['p1', 'p2'])
    expect(at(first.body, 'metadata', 'remainingItemCount')).toBe(2)
    const last = here.client.get('pods', 'default', 'p4')
    if (last !== null) here.client.remove('pods', last)
    here.client.create('pods', podNamed('p5'))
    const second = await page(`&continue=${first.token}`)
    expect(second.names).toEqual(['p3', 'p4'])
    here.server.api.store.compact()
    const late = await page(`&continue=${first.token}`)
    expect(late).toMatchObject({ code: 410, body: { reason: 'Expired' } })
  })
})

describe('the door', () => {
  it('is closed to whoever has no token, save for its health', async () => {
    const stranger = { ...here.raw, token: 'guess' }
    expect((await ask(stranger, { method: 'GET', path: PODS })).code).toBe(401)
    expect((await ask(stranger, { method: 'GET', path: '/readyz' })).body).toBe('ok')
  })
})

describe('the schemas', () => {
  it('come as JSON, by group, and in the form that old kubectls read', async () => {
    const json = await ask(here.raw, { method: 'GET', path: '/openapi/v2' })
    expect(
      at(json.body, 'definitions', 'io.k8s.api.apps.v1.StatefulSetSpec', 'properties', 'replicas', 'type'),
    ).toBe('integer')
    const apps = await ask(here.raw, { method: 'GET', path: '/openapi/v3/apis/apps/v1' })
    expect(Object.keys(at(apps.body, 'components', 'schemas') as object)).toContain(
      'io.k8s.api.apps.v1.StatefulSet',
    )
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const old = await ask(here.raw, { method: 'GET', path: '/openapi/v2', accept })
    expect(old).toMatchObject({ code: 200, body: expect.stringContaining('fieldValidation') })
  })
})
