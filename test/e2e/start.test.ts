import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './support/cluster.ts'
import { eventually } from './support/eventually.ts'
import { inNamespace } from './support/namespace.ts'
import { inventory } from './support/verify.ts'

describe('sts-lab start section1 --yes', () => {
  const namespace = inNamespace('start')

  it('runs every part to its checkpoint, keeps a second run out, and leaves nothing', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
    try {
      const env = { STS_LAB_HOME: home }
      const flags = ['section1', '--namespace', namespace.name]
      const first = runCli(['start', ...flags, '--yes'], { env, timeoutMs: 300_000 })
      await eventually('the lab is locked', async () => {
        const { configMaps } = await inventory(namespace.api, namespace.name)
        return configMaps.includes('sts-lab-start-section1') ? null : 'no lock'
      })
      const elsewhere = { STS_LAB_HOME: path.join(home, 'elsewhere') }
      const second = await runCli(['start', ...flags, '--yes'], { env: elsewhere })
      expect(second.code, second.stderr).toBe(2)
      expect(second.stderr).toContain('already being run')
      const run = await first
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
      expect(run.stdout).not.toContain('\u001b')
      const left = await inventory(namespace.api, namespace.name)
      expect(left).toEqual({ set: null, pods: [], claims: [], configMaps: [], services: [] })
      const status = await runCli(['status', 'section1', '-o', 'json'], { env })
      expect(status.code, status.stderr).toBe(0)
    } finally {
      rmSync(home, { recursive: true })
    }
  }, 320_000)

  it('refuses to prompt without a terminal, and says what to type', async () => {
    const run = await runCli(['start', 'section1', '--namespace', namespace.name])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('--yes')
  })
})
