import { Agent } from 'node:https'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { type ExecOptions, execInPod } from '../../src/kube/exec.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { type ApiStub, json, startApiStub } from '../helpers/api-stub.ts'

const signal = new AbortController().signal
let stub: ApiStub
beforeEach(async () => {
  stub = await startApiStub()
})
afterEach(() => stub.close())

const frame = (channel: number, text: string | Buffer) =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(text)])
const SUCCESS = JSON.stringify({ kind: 'Status', status: 'Success' })
const exited = (code: number) =>
  JSON.stringify({
    kind: 'Status',
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with exit code ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  })

const connectionTo = (server: string) => {
  const agent = new Agent({ keepAlive: true, ca: stub.ca })
  let asked = 0
  return createTransport({
    server,
    credential: async () => ({ headers: { authorization: `Bearer ${++asked}` }, agent, renewable: true }),
  })
}
const exec = (options: Partial<ExecOptions> = {}) =>
  execInPod(connectionTo(stub.url), {
    namespace: 'lab',
    pod: 'web-0',
    container: 'box',
    command: ['sh', '-c', 'exit 7'],
    timeoutMs: 2_000,
    signal,
    ...options,
  })
const says = (...frames: readonly Buffer[]) =>
  stub.onExec((socket) => {
    for (const each of frames) socket.send(each)
    socket.close()
  })

describe('a command', () => {
  it('gives its output and exit code', async () => {
    says(frame(1, ''), frame(1, 'out '), frame(2, 'err'), frame(1, 'more'), frame(3, exited(7)))
    const result = await exec()
    expect(result).toMatchObject({ exitCode: 7, failure: null, truncated: false })
    expect(result.stdout.toString()).toBe('out more')
    expect(result.stderr.toString()).toBe('err')
  })

  it('that succeeds has exit code 0', async () => {
    says(frame(3, SUCCESS))
    expect(await exec()).toMatchObject({ exitCode: 0, failure: null })
  })

  it('is sent word for word, with its container', async () => {
    let url = ''
    stub.onExec((socket, request) => {
      url = request.url ?? ''
      socket.send(frame(3, SUCCESS))
    })
    await exec({ command: ['sh', '-c', 'echo "a b" & $x?'] })
    const { pathname, searchParams } = new URL(url, stub.url)
    expect(pathname).toBe('/api/v1/namespaces/lab/pods/web-0/exec')
    expect(searchParams.getAll('command')).toEqual(['sh', '-c', 'echo "a b" & $x?'])
    expect(searchParams.get('container')).toBe('box')
  })

  it('that the image does not have is told from one that fails', async () => {
    const message = 'OCI runtime exec failed: exec: "nope": executable file not found in $PATH'
    says(frame(3, JSON.stringify({ status: 'Failure', reason: 'InternalError', code: 500, message })))
    expect(await exec()).toMatchObject({ exitCode: null, failure: message })
  })

  it('that Docker could not start (code 126, its words in the output) has no exit code either', async () => {
    says(frame(1, 'OCI runtime exec failed: exec: "nope": not found\r\n'), frame(3, exited(126)))
    const result = await exec()
    expect(result).toMatchObject({ exitCode: null, failure: expect.stringContaining('not found') })
    expect(result.stdout).toHaveLength(0)
  })

  it('that a shell did not find keeps its exit code 127', async () => {
    says(frame(2, 'sh: nope: not found\n'), frame(3, exited(127)))
    expect(await exec()).toMatchObject({ exitCode: 127, failure: null })
  })

  it('keeps the first bytes of too much output, and the exit code', async () => {
    says(frame(1, 'abcdef'), frame(1, 'ghi'), frame(3, SUCCESS))
    const result = await exec({ maxBytes: 4 })
    expect(result).toMatchObject({ exitCode: 0, truncated: true })
    expect(result.stdout.toString()).toBe('abcd')
  })

  it('that never stops printing is stopped', async () => {
    const closed = new Promise<void>((resolve) => {
      stub.onExec((socket) => {
        const pump = setInterval(() => socket.send(frame(1, Buffer.alloc(256 * 1024))), 1)
        socket.on('close', () => {
          clearInterval(pump)
          resolve()
        })
      })
    })
    expect(await exec({ maxBytes: 100 })).toMatchObject({ exitCode: null, truncated: true })
    await closed
  })

  it('ignores frames of channels nobody asked for', async () => {
    says(frame(255, Buffer.from([1])), frame(9, 'x'), Buffer.alloc(0), frame(3, SUCCESS))
    expect(await exec()).toMatchObject({ exitCode: 0 })
  })
})

describe('a connection that ends', () => {
  it('before the status came is lost, not a success', async () => {
    says(frame(1, 'half'))
    await expect(exec()).rejects.toMatchObject({ kind: 'undecided', code: 'connection-lost' })
  })

  it('without a word is lost', async () => {
    stub.onExec((socket: WebSocket) => socket.terminate())
    await expect(exec()).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('never began is refused', async () => {
    const gone = await startApiStub()
    await gone.close()
    const options = {
      namespace: 'lab',
      pod: 'p',
      container: 'c',
      command: ['true'],
      timeoutMs: 1_000,
      signal,
    }
    await expect(execInPod(connectionTo(gone.url), options)).rejects.toMatchObject({
      code: 'connection-refused',
    })
  })
})

describe('time and interruption', () => {
  it('a command that does not end is given up, with the command named', async () => {
    stub.onExec(() => {})
    await expect(exec({ timeoutMs: 80 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('sh -c exit 7'),
    })
  })

  it('an abort closes the connection', async () => {
    const controller = new AbortController()
    const closed = new Promise<void>((resolve) => {
      stub.onExec((socket) => {
        socket.on('close', () => resolve())
        controller.abort()
      })
    })
    await expect(exec({ signal: controller.signal })).rejects.toMatchObject({ kind: 'interrupted' })
    await closed
  })

  it('an abort before the start opens nothing', async () => {
    await expect(exec({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'interrupted' })
    expect(stub.connections()).toBe(0)
  })
})

describe('a refused exec', () => {
  it.each([
    [404, 'NotFound', 'pods "web-0" not found', 'not-found'],
    [403, 'Forbidden', 'pods "web-0" is forbidden', 'forbidden'],
    [400, 'BadRequest', 'container box is not valid for pod web-0', 'invalid'],
  ])('with %i %s tells what the server said', async (code, reason, message, ours) => {
    stub.refuseExec(code, { kind: 'Status', status: 'Failure', code, reason, message })
    await expect(exec()).rejects.toMatchObject({ code: ours, message: expect.stringContaining(message) })
  })

  it('in plain text is quoted', async () => {
    stub.refuseExec(502, '<h1>Bad Gateway</h1>')
    await expect(exec()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Bad Gateway'),
    })
  })

  it('with 401 is tried once more with a new credential', async () => {
    stub.refuseExec(401, {
      kind: 'Status',
      status: 'Failure',
      code: 401,
      reason: 'Unauthorized',
      message: 'old',
    })
    await expect(exec()).rejects.toMatchObject({ code: 'unauthorized' })
    expect(stub.connections()).toBe(2)
  })
})

describe('the kept connection', () => {
  const options = { namespace: 'lab', pod: 'p', container: 'c', command: ['true'], timeoutMs: 1_000, signal }

  it('of a finished request carries the exec', async () => {
    const connection = connectionTo(stub.url)
    stub.on('GET /version', json({}))
    says(frame(3, SUCCESS))
    await connection.request({ method: 'GET', path: '/version', signal })
    expect(await execInPod(connection, options)).toMatchObject({ exitCode: 0 })
    expect(stub.connections()).toBe(1)
    connection.close()
  })

  it('that the server had closed is replaced by a new one', async () => {
    const connection = connectionTo(stub.url)
    stub.on('GET /version', json({}))
    says(frame(3, SUCCESS))
    await connection.request({ method: 'GET', path: '/version', signal })
    stub.dropNextExec()
    expect(await execInPod(connection, options)).toMatchObject({ exitCode: 0 })
    expect(stub.connections()).toBe(2)
    connection.close()
  })

  it('is not tried again where a new one is cut: the command may have begun', async () => {
    stub.dropNextExec()
    await expect(exec()).rejects.toMatchObject({ code: 'connection-lost' })
    expect(stub.connections()).toBe(1)
  })
})
