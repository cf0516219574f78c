import { once } from 'node:events'
import { Agent } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ApiConnection, createTransport } from '../../src/kube/transport.ts'
import { type ApiStub, certificate, cut, json, refusal, silence, startApiStub } from '../helpers/api-stub.ts'

const signal = new AbortController().signal
let stub: ApiStub
let transport: ApiConnection

const to = (server: string, ca: Buffer = stub.ca): ApiConnection => {
  const agent = new Agent({ keepAlive: true, ca })
  return createTransport({ server, credential: async () => ({ headers: {}, agent, renewable: false }) })
}
const get = (path: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  transport.request({ method: 'GET', path, signal, ...options })

beforeEach(async () => {
  stub = await startApiStub()
  transport = to(stub.url)
})
afterEach(async () => {
  transport.close()
  await stub.close()
})

describe('the connection', () => {
  it('is opened once for requests that follow each other', async () => {
    stub.on('GET /version', json({ ok: true }))
    for (let i = 0; i < 20; i++) await get('/version')
    expect(stub.requests).toHaveLength(20)
    expect(stub.connections()).toBe(1)
  })

  it('is reused by an exec and by a request after a refusal', async () => {
    stub.on('GET /missing', refusal(404, 'NotFound', 'no'))
    await expect(get('/missing')).rejects.toMatchObject({ code: 'not-found', status: 404 })
    await expect(get('/missing')).rejects.toMatchObject({ code: 'not-found' })
    expect(stub.connections()).toBe(1)
  })

  it('is renewed without a word when the server had closed the idle one', async () => {
    stub.on('GET /version', json({ ok: 1 }), (_, response) => response.socket?.destroy(), json({ ok: 2 }))
    await get('/version')
    expect((await get('/version')).body).toEqual({ ok: 2 })
    expect(stub.connections()).toBe(2)
  })

  it('is not repeated for a POST that was cut', async () => {
    stub.on('GET /version', json({}))
    stub.on('POST /things', cut)
    await get('/version')
    const post = transport.request({ method: 'POST', path: '/things', body: {}, signal })
    await expect(post).rejects.toMatchObject({ code: 'connection-lost' })
    expect(stub.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is refused to a server whose certificate another CA signed', async () => {
    transport = to(stub.url, certificate('other-ca.crt'))
    await expect(get('/version')).rejects.toMatchObject({ kind: 'undecided', code: 'tls' })
  })

  it('is refused to a server whose certificate is for another name', async () => {
    const agent = new Agent({ ca: stub.ca, servername: 'elsewhere.example' })
    transport = createTransport({
      server: stub.url,
      credential: async () => ({ headers: {}, agent, renewable: false }),
    })
    await expect(get('/version')).rejects.toMatchObject({ code: 'tls' })
  })

  it('that nobody accepts is connection-refused', async () => {
    const closed = await startApiStub()
    await closed.close()
    transport = to(closed.url)
    await expect(get('/version')).rejects.toMatchObject({ code: 'connection-refused' })
  })

  it('to an unknown name is a DNS fault', async () => {
    transport = to('https://nowhere.invalid')
    await expect(get('/version')).rejects.toMatchObject({ code: 'dns' })
  })

  it('to something that is not HTTP is a bad answer', async () => {
    stub.on('GET /version', (_, response) => response.socket?.end('SSH-2.0-OpenSSH\r\n'))
    await expect(get('/version')).rejects.toMatchObject({ code: 'bad-answer' })
  })

  it('keeps the base path of the server', async () => {
    stub.on('GET /k8s/clusters/c1/version', json({ ok: true }))
    transport = to(`${stub.url}/k8s/clusters/c1`)
    expect((await get('/version')).body).toEqual({ ok: true })
  })
})

describe('the deadline', () => {
  it('ends a request whose answer does not begin', async () => {
    stub.on('GET /version', silence)
    await expect(get('/version', { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('waiting for an answer'),
    })
  })

  it('ends a request whose answer stops halfway', async () => {
    stub.on('GET /version', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"half":')
    })
    await expect(get('/version', { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('reading the answer'),
    })
  })

  it('ends a request whose TLS handshake never comes', async () => {
    const mute = createServer(() => {})
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    transport = to(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`)
    await expect(get('/version', { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('connecting'),
    })
    mute.close()
  })

  it('ends a refusal whose text does not end', async () => {
    stub.on('GET /version', (_, response) => {
      response.writeHead(500, { 'content-type': 'application/json' }).write('{"kind":')
    })
    await expect(get('/version', { timeoutMs: 60 })).rejects.toMatchObject({ code: 'timeout' })
  })
})

describe('an abort', () => {
  it('before the request sends nothing', async () => {
    const aborted = AbortSignal.abort()
    await expect(get('/version', { signal: aborted })).rejects.toMatchObject({ kind: 'interrupted' })
    expect(stub.requests).toHaveLength(0)
  })

  it('ends a request at once', async () => {
    const controller = new AbortController()
    stub.on('GET /version', () => controller.abort())
    await expect(get('/version', { signal: controller.signal })).rejects.toMatchObject({
      kind: 'interrupted',
    })
  })

  it('ends a stream', async () => {
    const controller = new AbortController()
    stub.on('GET /watch', (_, response) => response.writeHead(200).write('one'))
    const stream = await transport.stream({ method: 'GET', path: '/watch', signal: controller.signal })
    const read = async () => {
      for await (const _chunk of stream.chunks) controller.abort()
    }
    await expect(read()).rejects.toMatchObject({ kind: 'interrupted' })
  })
})

describe('an answer', () => {
  it('cut in its middle is a lost connection', async () => {
    stub.on('GET /version', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"half":', () => response.destroy())
    })
    await expect(get('/version')).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('that claims to be JSON and is not is a bad answer', async () => {
    stub.on('GET /version', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"half":')
    })
    await expect(get('/version')).rejects.toMatchObject({ code: 'bad-answer' })
  })

  it('in plain text stays text even if it looks like JSON', async () => {
    stub.on('GET /log', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('{"level":"info"}')
    })
    expect((await get('/log')).body).toBe('{"level":"info"}')
  })

  it('streamed and cut is a lost connection, streamed and ended is the end', async () => {
    stub.on(
      'GET /watch',
      (_, response) => {
        response.writeHead(200).write('one', () => response.destroy())
      },
      (_, response) => {
        response.writeHead(200).end('two')
      },
    )
    const read = async () => {
      const stream = await transport.stream({ method: 'GET', path: '/watch', signal })
      let text = ''
      for await (const chunk of stream.chunks) text += chunk.toString()
      return text
    }
    await expect(read()).rejects.toMatchObject({ code: 'connection-lost' })
    expect(await read()).toBe('two')
  })

  it('streamed ends quietly when we close it', async () => {
    stub.on('GET /watch', (_, response) => response.writeHead(200).write('one'))
    const stream = await transport.stream({ method: 'GET', path: '/watch', signal })
    const seen: string[] = []
    for await (const chunk of stream.chunks) {
      seen.push(chunk.toString())
      stream.destroy()
    }
    expect(seen).toEqual(['one'])
  })

  it('serves many requests at once on one signal without a warning', async () => {
    const warnings: string[] = []
    const note = (warning: Error) => warnings.push(warning.name)
    process.on('warning', note)
    stub.on('GET /version', json({}))
    await Promise.all(
      Array.from({ length: 30 }, () => get('/version', { signal: new AbortController().signal })),
    )
    const shared = new AbortController().signal
    await Promise.all(Array.from({ length: 30 }, () => get('/version', { signal: shared })))
    process.off('warning', note)
    expect(warnings).toEqual([])
  })
})

describe('the credential', () => {
  it('is renewed once after a 401, for all requests that met it', async () => {
    const agent = new Agent({ keepAlive: true, ca: stub.ca })
    let asked = 0
    transport = createTransport({
      server: stub.url,
      credential: async () => ({ headers: { authorization: `Bearer ${++asked}` }, agent, renewable: true }),
    })
    stub.on('GET /version', (request, response) => {
      const answer =
        request.headers.authorization === 'Bearer 2' ? json({}) : refusal(401, 'Unauthorized', 'old')
      answer(request, response)
    })
    await Promise.all([get('/version'), get('/version'), get('/version')])
    expect(asked).toBe(2)
  })

  it('that is refused again is unauthorized', async () => {
    const agent = new Agent({ keepAlive: true, ca: stub.ca })
    transport = createTransport({
      server: stub.url,
      credential: async () => ({ headers: {}, agent, renewable: true }),
    })
    stub.on('GET /version', refusal(401, 'Unauthorized', 'Unauthorized'))
    await expect(get('/version')).rejects.toMatchObject({ code: 'unauthorized', kind: 'undecided' })
    expect(stub.requests).toHaveLength(2)
  })

  it('that cannot be had is asked for again by the next request', async () => {
    const agent = new Agent({ keepAlive: true, ca: stub.ca })
    let asked = 0
    transport = createTransport({
      server: stub.url,
      credential: async () => {
        if (++asked === 1) throw new Error('not yet')
        return { headers: {}, agent, renewable: false }
      },
    })
    stub.on('GET /version', json({}))
    await expect(get('/version')).rejects.toThrow('not yet')
    expect((await get('/version')).status).toBe(200)
  })
})
