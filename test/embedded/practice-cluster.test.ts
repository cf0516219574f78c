import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { self } from '../../src/host/process-alive.ts'
import { runCli } from '../helpers/run-cli.ts'

let home: string
const cli = (...args: readonly string[]) => runCli(args, { env: { STS_LAB_HOME: home } })
const status = async () => JSON.parse((await cli('cluster', 'status', '-o', 'json')).stdout)
const kubectl = (args: readonly string[], input = '') => {
  const kubeconfig = path.join(home, 'cluster', 'kubeconfig')
  const {
    status: code,
    stdout,
    stderr,
  } = spawnSync('kubectl', ['--kubeconfig', kubeconfig, ...args], {
    input,
    encoding: 'utf8',
    env: { ...process.env, HOME: home },
  })
  return { code, stdout, stderr }
}
const hasKubectl = spawnSync('kubectl', ['version', '--client']).error === undefined

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sts-lab-practice-'))
})
afterEach(async () => {
  await cli('cluster', 'down')
  rmSync(home, { recursive: true, force: true })
})

describe('sts-lab cluster', () => {
  it('comes up within a second or so, runs once, is reached by its context, and leaves nothing behind', async () => {
    const up = await cli('cluster', 'up', '--provider', 'embedded', '--speed', 'fast')
    expect(up.code).toBe(0)
    // Under half a second on a quiet machine; the tests of others may run beside this one.
    expect(up.durationMs).toBeLessThan(3_000)
    const kubeconfig = path.join(home, 'cluster', 'kubeconfig')
    expect(up.stdout).toBe(`export KUBECONFIG=${kubeconfig}\n`)
    expect(statSync(kubeconfig).mode & 0o777).toBe(0o600)

    const { pid, ...first } = await status()
    expect(first).toMatchObject({ state: 'running', simulated: true, speed: 'fast', kubeconfig })
    const again = await cli('cluster', 'up')
    expect(again).toMatchObject({ code: 0, stdout: up.stdout })
    expect(again.stderr).toContain('runs already')
    expect((await status()).pid).toBe(pid)

    const doctor = await cli('doctor', '--context', 'sts-lab-embedded', '-o', 'json')
    expect(JSON.parse(doctor.stdout)).toMatchObject({ cluster: { simulated: true, provider: 'embedded' } })
    expect(doctor.stderr).toContain('simulated')

    expect(await cli('cluster', 'down')).toMatchObject({ code: 0 })
    expect(self.isAlive(self.host, pid)).toBe(false)
    expect(existsSync(path.join(home, 'cluster'))).toBe(false)
    expect(readdirSync(home)).toEqual([])
    expect(await cli('cluster', 'down')).toMatchObject({ code: 0 })
    expect(await status()).toMatchObject({ state: 'down', pid: null })
    expect(await cli('doctor', '--context', 'sts-lab-embedded')).toMatchObject({ code: 3 })
  })

  it('is one, however many ask for it at once', async () => {
    const ups = await Promise.all([1, 2, 3].map(() => cli('cluster', 'up')))
    expect(ups.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(ups.filter(({ stderr }) => stderr.includes('runs already'))).toHaveLength(2)
  })

  it('notices that it was killed, and says so', async () => {
    await cli('cluster', 'up')
    const { pid } = await status()
    process.kill(pid, 'SIGKILL')
    const told = await cli('cluster', 'status')
    expect(told.code).toBe(1)
    expect(told.stdout).toContain(`process ${pid}`)
    expect(told.stdout).toContain('ended without being asked to')
    await cli('cluster', 'up')
    expect(await status()).toMatchObject({ state: 'running' })
  })

  it('is not fooled by another process that has the number of one that is gone', async () => {
    await cli('cluster', 'up')
    const kept = path.join(home, 'cluster', 'process.json')
    const noted = await status()
    process.kill(noted.pid, 'SIGKILL')
    const other = { ...noted, host: self.host, pid: process.pid, birth: 'of another' }
    writeFileSync(kept, JSON.stringify(other))
    if (process.platform === 'linux') expect(await status()).toMatchObject({ state: 'ended' })
    rmSync(kept)
  })

  it.each([0, -1, 1, '7', null])(
    'takes no process for its own that its notes do not name: %s',
    async (pid) => {
      await cli('cluster', 'up')
      const noted = await status()
      process.kill(noted.pid, 'SIGKILL')
      const notes = path.join(home, 'cluster', 'process.json')
      writeFileSync(notes, JSON.stringify({ ...noted, host: self.host, pid, birth: '' }))
      const found = await status()
      // Before anything can go wrong: signals to 0 and -1 go to everybody.
      rmSync(notes)
      expect(found).toMatchObject({ state: 'ended', pid: null })
    },
  )

  it('says that a port is taken, and leaves nothing of the attempt', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const { code, stderr } = await cli('cluster', 'up', '--port', String(port))
    other.close()
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`port ${port} is taken`),
    })
    expect(existsSync(path.join(home, 'cluster'))).toBe(false)
  })

  it('says where it cannot write', async () => {
    const file = path.join(home, 'file')
    writeFileSync(file, '')
    const { code, stderr } = await runCli(['cluster', 'up'], {
      env: { STS_LAB_HOME: path.join(file, 'home') },
    })
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('STS_LAB_HOME') })
  })

  it.skipIf(!hasKubectl)('does what kubectl asks', async () => {
    await cli('cluster', 'up', '--speed', 'fast')
    const set = {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'web' },
      spec: {
        serviceName: 'web',
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', 'infinity'] }] },
        },
      },
    }
    expect(kubectl(['apply', '-f', '-'], JSON.stringify(set)).stdout).toBe('statefulset.apps/web created\n')
    expect(kubectl(['rollout', 'status', 'statefulset/web', '--timeout=20s'])).toMatchObject({ code: 0 })
    expect(kubectl(['get', 'pods', '-o', 'name']).stdout).toBe('pod/web-0\npod/web-1\n')
    expect(kubectl(['exec', 'web-1', '--', 'hostname']).stdout).toBe('web-1\n')
    expect(kubectl(['delete', 'statefulset', 'web', '--timeout=20s']).stdout).toContain('"web" deleted')
  })
})

describe('a machine without any cluster', () => {
  it('passes section 1 in seconds, on a cluster that start takes by itself and says so', async () => {
    const { code, stdout, stderr, durationMs } = await cli('start', 'section1', '--yes')
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toMatchObject({
      code: 0,
      last: expect.stringContaining('64 of 64'),
    })
    expect(stderr).toContain('no lab cluster can be reached')
    expect(stderr).toContain('kind create cluster')
    expect(stderr).toContain('practice cluster: simulated')
    // 4 s alone; see above.
    expect(durationMs).toBeLessThan(20_000)
  })

  it('is what one is whose lab cluster is switched off', async () => {
    const context = 'kind-gone'
    const kubeconfig = path.join(home, 'kubeconfig')
    const server = 'https://127.0.0.1:1'
    const entry = { name: context, context: { cluster: 'c', user: 'u' } }
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': context,
        contexts: [entry],
        clusters: [{ name: 'c', cluster: { server } }],
        users: [{ name: 'u', user: { token: 't' } }],
      }),
    )
    const env = { STS_LAB_HOME: home, KUBECONFIG: kubeconfig }
    const { code, stderr } = await runCli(['start', 'mistake-8', '--yes'], { env })
    expect(stderr).toContain(`nothing answers at ${server}`)
    expect(stderr).toContain('practice cluster: simulated')
    expect(code).toBe(0)
    // In CI a simulated one must not pass for the real one that is set up.
    const inCi = await runCli(['start', 'mistake-8', '--yes'], { env: { ...env, CI: 'true' } })
    expect(inCi).toMatchObject({ code: 3, stdout: '' })
    // What was named is used, or nothing is.
    expect((await runCli(['start', 'mistake-8', '--yes', '--context', context], { env })).code).not.toBe(0)
  })

  it('has section 3 judged there only on request, and marks the result', async () => {
    await cli('start', 'section3', '--yes')
    const refused = await cli('verify')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--allow-simulated')
    const allowed = await cli('verify', '--allow-simulated', '-o', 'json')
    expect(allowed.code).toBe(0)
    const { cluster, summary } = JSON.parse(allowed.stdout)
    expect(cluster).toMatchObject({ simulated: true, provider: 'embedded', context: 'sts-lab-embedded' })
    expect(summary).toMatchObject({ passed: 10, failed: 0, inconclusive: 0 })
  })
})
