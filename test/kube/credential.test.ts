import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accessOf } from '../../src/kube/credential.ts'
import { readKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { type ApiStub, certificate, json, refusal, startApiStub } from '../helpers/api-stub.ts'

const signal = new AbortController().signal
let stub: ApiStub
let folder: string
beforeEach(async () => {
  stub = await startApiStub()
  folder = mkdtempSync(join(tmpdir(), 'credential-'))
  stub.on('GET /version', json({ gitVersion: 'v1.20.2' }))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await stub.close()
})

const base64 = (file: string) => certificate(file).toString('base64')

/** Asks for the version with these credentials, as a kubeconfig would say them. */
async function ask(user: unknown, cluster: Record<string, unknown> = {}, times = 1): Promise<void> {
  const kubeconfig = join(folder, 'config')
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [
        {
          name: 'c',
          cluster: { server: stub.url, 'certificate-authority-data': base64('ca.crt'), ...cluster },
        },
      ],
      users: user === undefined ? [] : [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', ...(user === undefined ? {} : { user: 'u' }) } }],
      'current-context': 'x',
    }),
  )
  const transport = createTransport(
    accessOf(await readKubeconfig({ context: undefined, kubeconfig, env: {} })),
  )
  try {
    for (let i = 0; i < times; i++) await transport.request({ method: 'GET', path: '/version', signal })
  } finally {
    transport.close()
  }
}
const sent = () => stub.requests.at(-1)

/** A credential plugin that prints what the body says; `count` grows with each call. */
function plugin(body: string, more: Record<string, unknown> = {}) {
  const file = join(folder, 'plugin.cjs')
  writeFileSync(
    file,
    `const fs = require('node:fs'); const calls = ${JSON.stringify(join(folder, 'calls'))}
     fs.appendFileSync(calls, 'x'); const count = fs.readFileSync(calls).length
     const print = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status }))
     ${body}`,
  )
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: [file],
    ...more,
  }
  return { exec }
}
const calls = () =>
  existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').length : 0

describe('credentials of a kubeconfig', () => {
  it('a token', async () => {
    await ask({ token: 'secret' })
    expect(sent()?.headers.authorization).toBe('Bearer secret')
  })

  it('a token file, without its line end', async () => {
    writeFileSync(join(folder, 'token'), 'from-file\n')
    await ask({ tokenFile: 'token' })
    expect(sent()?.headers.authorization).toBe('Bearer from-file')
  })

  it('a client certificate, as data and as files', async () => {
    await ask({ 'client-certificate-data': base64('client.crt'), 'client-key-data': base64('client.key') })
    expect(sent()?.clientName).toBe('test-client')
    writeFileSync(join(folder, 'crt'), certificate('client.crt'))
    writeFileSync(join(folder, 'key'), certificate('client.key'))
    await ask({ 'client-certificate': 'crt', 'client-key': 'key' })
    expect(sent()?.clientName).toBe('test-client')
  })

  it('a user name and password', async () => {
    await ask({ username: 'me', password: 'pw' })
    expect(sent()?.headers.authorization).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`)
  })

  it('impersonation, with groups', async () => {
    await ask({ token: 't', as: 'jane', 'as-groups': ['dev', 'ops'] })
    expect(sent()?.headers).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'dev, ops' })
  })

  it('none at all still trusts the CA', async () => {
    await ask(undefined)
    expect(sent()?.headers.authorization).toBeUndefined()
  })

  it('a missing file is named', async () => {
    await expect(ask({ 'client-certificate': 'nope', 'client-key': 'nope' })).rejects.toMatchObject({
      kind: 'usage',
      code: 'bad-kubeconfig',
      message: expect.stringContaining('nope'),
    })
  })

  it('a key that is no key is a mistake in the kubeconfig', async () => {
    const rubbish = Buffer.from('rubbish').toString('base64')
    await expect(
      ask({ 'client-certificate-data': rubbish, 'client-key-data': rubbish }),
    ).rejects.toMatchObject({ kind: 'usage', code: 'bad-kubeconfig' })
  })
})

describe('the trust in the server', () => {
  it('is by the CA of the kubeconfig alone', async () => {
    const other = { 'certificate-authority-data': base64('other-ca.crt') }
    await expect(ask({ token: 't' }, other)).rejects.toMatchObject({ code: 'tls' })
    await expect(ask({ token: 't' }, { 'certificate-authority-data': undefined })).rejects.toMatchObject({
      code: 'tls',
    })
  })

  it('is given away by insecure-skip-tls-verify', async () => {
    await ask({ token: 't' }, { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true })
    expect(stub.requests).toHaveLength(1)
  })

  it('checks the name that tls-server-name says', async () => {
    await ask({ token: 't' }, { 'tls-server-name': 'localhost' })
    await expect(ask({ token: 't' }, { 'tls-server-name': 'elsewhere.example' })).rejects.toMatchObject({
      code: 'tls',
    })
  })
})

describe('a credential plugin', () => {
  it('is run once for many requests, though its token names no end', async () => {
    await ask(plugin(`print({ token: 'token-' + count })`), {}, 3)
    expect(sent()?.headers.authorization).toBe('Bearer token-1')
    expect(calls()).toBe(1)
  })

  it('is run again when the server no longer accepts its token, even an unexpired one', async () => {
    stub.on('GET /version', (request, response) => {
      const answer =
        request.headers.authorization === 'Bearer token-2' ? json({}) : refusal(401, 'Unauthorized', 'old')
      answer(request, response)
    })
    await ask(plugin(`print({ token: 'token-' + count, expirationTimestamp: '2100-01-01T00:00:00Z' })`))
    expect(calls()).toBe(2)
  })

  it('may give a client certificate', async () => {
    const status = {
      clientCertificateData: certificate('client.crt').toString(),
      clientKeyData: certificate('client.key').toString(),
    }
    await ask(plugin(`print(${JSON.stringify(status)})`))
    expect(sent()?.clientName).toBe('test-client')
  })

  it('is told about the cluster, as kubectl does', async () => {
    await ask(
      plugin(
        `const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO)
         print({ token: info.kind + ' ' + info.spec.cluster.server + ' ' + process.env.EXTRA })`,
        { provideClusterInfo: true, env: [{ name: 'EXTRA', value: 'more' }] },
      ),
    )
    expect(sent()?.headers.authorization).toBe(`Bearer ExecCredential ${stub.url} more`)
  })

  it('that is not installed is named, with its own hint', async () => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'no-such-plugin',
      installHint: 'apt install it',
    }
    await expect(ask({ exec })).rejects.toMatchObject({
      kind: 'undecided',
      code: 'credential-plugin',
      message: expect.stringContaining('no-such-plugin'),
      hint: 'apt install it',
    })
  })

  it('that fails is quoted', async () => {
    await expect(ask(plugin(`console.error('please log in'); process.exit(3)`))).rejects.toMatchObject({
      code: 'credential-plugin',
      message: expect.stringContaining('please log in'),
    })
  })

  it.each(['console.log("not json")', 'console.log("{}")', 'process.exit(0)'])(
    'that prints nonsense (%s) is an error of ours',
    async (body) => {
      await expect(ask(plugin(body))).rejects.toMatchObject({ code: 'credential-plugin' })
    },
  )
})

describe('a proxy of the kubeconfig', () => {
  it('is used, over one kept connection', async () => {
    let tunnels = 0
    const proxy = createServer()
    proxy.on('connect', (request, socket) => {
      tunnels++
      const [host, port] = (request.url ?? '').split(':')
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
      onward.on('error', () => socket.destroy())
      socket.on('error', () => onward.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    await ask({ token: 't' }, { 'proxy-url': `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }, 3)
    expect(stub.requests).toHaveLength(3)
    expect(tunnels).toBe(1)
    proxy.close()
  })
})

describe('a server over http', () => {
  it('on this machine is spoken to without TLS', async () => {
    const plain = await startApiStub({ plainHttp: true })
    plain.on('GET /version', json({}))
    await ask({ token: 't' }, { server: plain.url, 'certificate-authority-data': undefined }, 2)
    expect(plain.requests).toHaveLength(2)
    expect(plain.connections()).toBe(1)
    await plain.close()
  })
})
