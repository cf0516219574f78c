import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

let home: string
const env = () => ({ STS_LAB_HOME: home, HOME: home, KUBECONFIG: path.join(home, 'none') })
const cli = (...args: readonly string[]) => runCli(args, { env: env(), timeoutMs: 200_000 })
const status = async () => JSON.parse((await cli('cluster', 'status', '-o', 'json')).stdout)
const journal = () => path.join(home, 'cluster', 'journal')

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sts-lab-back-'))
})
afterEach(async () => {
  await cli('cluster', 'down')
  rmSync(home, { recursive: true, force: true })
})

/** Starts a lab, and kills the cluster under it once the lab has said something. */
async function killedWhen(said: RegExp, ...args: readonly string[]): Promise<string> {
  const lab: ChildProcess = spawn(process.execPath, ['bin/sts-lab.js', ...args], {
    env: { ...process.env, ...env() },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  await new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      if (said.test(output)) resolve()
    }
    lab.stdout?.on('data', hear)
    lab.stderr?.on('data', hear)
    lab.once('exit', () => resolve())
  })
  process.kill((await status()).pid, 'SIGKILL')
  lab.kill('SIGKILL')
  return output
}

describe('a practice cluster that was killed', () => {
  it('says so, is brought back by start, and has everything: section 1 goes on at its step and passes', async () => {
    const first = await killedWhen(/Scaling up adds pods in order/, 'start', 'section1', '--yes')
    expect(first).not.toContain('64 of 64')
    expect(await status()).toMatchObject({ state: 'ended', aliveAt: expect.stringMatching(/^20.*Z$/) })
    for (const command of [
      ['verify', '--allow-simulated'],
      ['watch', 'section1'],
    ]) {
      const { code, stderr } = await cli(...command)
      expect({ code, stderr }).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('sts-lab cluster up'),
      })
    }
    const again = await cli('start', 'section1', '--yes')
    expect(again.stderr).toContain('it is back, with what was in it')
    expect({ code: again.code, text: again.stdout.slice(-2000) }).toMatchObject({ code: 0 })
  })

  it('has its address and its objects again, and verify passes on the set that was there', async () => {
    await cli('start', 'section3', '--yes')
    const before = await status()
    const kubeconfig = readFileSync(before.kubeconfig, 'utf8')
    process.kill(before.pid, 'SIGKILL')
    const up = await cli('cluster', 'up')
    expect(up.stderr).toContain('is back')
    const after = await status()
    expect(after).toMatchObject({ state: 'running', server: before.server, speed: before.speed })
    expect(readFileSync(after.kubeconfig, 'utf8')).toBe(kubeconfig)
    const { code, stdout } = await cli('verify', '--allow-simulated', '-o', 'json')
    expect(JSON.parse(stdout).summary).toMatchObject({ passed: 10, failed: 0, inconclusive: 0 })
    expect(code).toBe(0)
  })

  it('is refused when a newer sts-lab kept it, and left as it is', async () => {
    await cli('cluster', 'up')
    process.kill((await status()).pid, 'SIGKILL')
    const { encodeRecord } = await import('../../src/embedded/state/records.ts')
    const header = JSON.stringify({ kind: 'sts-lab practice cluster', version: 99 })
    writeFileSync(journal(), encodeRecord(header))
    const { code, stderr } = await cli('cluster', 'up')
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('newer sts-lab') })
    expect(stderr).toContain('sts-lab cluster down')
    expect(readFileSync(journal(), 'utf8')).toContain('"version":99')
    expect(await status()).toMatchObject({ state: 'ended' })
  })
})
