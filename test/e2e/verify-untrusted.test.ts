import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import { asScript, studentSet } from './support/student-set.ts'

describe('a set that writes terminal escape codes', () => {
  const namespace = inNamespace('escape')

  it('never reaches the terminal raw', async () => {
    const script = `printf '\\033[2J\\033]52;c;aGk=\\007 \\r\\342\\200\\256 evil' >/data/id`
    await applyYaml(namespace.api, namespace.name, studentSet({ container: { command: asScript(script) } }))
    const run = await runCli(['verify', '--allow-simulated', '--namespace', namespace.name])
    expect(run.code).toBe(1)
    expect(run.stdout).toContain('evil')
    for (const text of [run.stdout, run.stderr]) {
      expect(text).not.toContain('\u001b')
      expect(text).not.toContain('\u0007')
      expect(text).not.toContain('\u202e')
    }
  })
})
