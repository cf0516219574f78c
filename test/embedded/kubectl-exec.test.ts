import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, describe, expect, it } from 'vitest'
import { embeddedServer } from './support/embedded-server.ts'

const present = spawnSync('kubectl', ['version', '--client']).status === 0

describe.skipIf(!present)('kubectl exec (where there is a kubectl)', () => {
  const here = embeddedServer()

  beforeAll(() => {
    const pod = here.client.create('pods', {
      metadata: { name: 'shell', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
    })
    here.client.bind(pod, 'node')
    here.client.changeStatus('pods', pod, (copy) => {
      copy.status = { ...(copy.status as object), phase: 'Running' }
    })
  })

  // Not spawnSync: the server runs in this very process.
  async function exec(websockets: boolean, args: readonly string[], input = '') {
    const child = spawn('kubectl', ['--kubeconfig', here.kubeconfig, 'exec', ...args], {
      env: { ...process.env, KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(websockets) },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdin.end(input)
    const [code] = await once(child, 'close')
    return { code, stdout, stderr }
  }

  describe.each([
    ['over a WebSocket', true],
    ['over SPDY, as before 1.31', false],
  ])('%s', (_, websockets) => {
    it('brings what a command says, and its exit code', async () => {
      expect(await exec(websockets, ['shell', '--', 'echo', 'hi'])).toMatchObject({ code: 0, stdout: 'hi\n' })
      expect(await exec(websockets, ['shell', '--', 'exit', '3'])).toMatchObject({
        code: 3,
        stderr: 'leaving\ncommand terminated with exit code 3\n',
      })
    })

    it('carries input to its end, and a lot of output', async () => {
      const text = 'line of text\n'.repeat(20_000)
      expect((await exec(websockets, ['-i', 'shell', '--', 'cat'], text)).stdout).toBe(text)
      expect((await exec(websockets, ['shell', '--', 'fill', '3000000'])).stdout).toHaveLength(3_000_000)
    })

    it('says why a command could not be started', async () => {
      const { code, stderr } = await exec(websockets, ['shell', '--', 'nothing'])
      expect(code).toBe(1)
      expect(stderr).toContain('executable file not found in $PATH')
    })
  })
})
