import { describe, expect, it } from 'vitest'
import { startCli } from '../helpers/run-cli.ts'
import { applyYaml } from './support/apply-yaml.ts'
import { onTheCluster, runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import { studentSet } from './support/student-set.ts'
import { inventory, untilPrinted, verifyIn } from './support/verify.ts'

/** A pass over a fresh set, cut off by `signal` once it shrinks the set. */
async function cutOff(namespace: ReturnType<typeof inNamespace>, signal: NodeJS.Signals) {
  await applyYaml(namespace.api, namespace.name, studentSet())
  const flags = ['verify', '--allow-simulated', '--namespace', namespace.name, '-o', 'json']
  const running = startCli(flags, onTheCluster())
  await untilPrinted(running.process, /pod\/web-4 gone/)
  running.process.kill(signal)
  return running.result
}

const whole = (claims: readonly string[]) => claims.filter((name) => /^data-web-[0-2]$/.test(name))

describe('verify interrupted by Ctrl-C while the set is small', () => {
  const namespace = inNamespace('ctrl-c')

  it('puts the set back, says what it could not decide, and exits with 130', async () => {
    const { code, stdout } = await cutOff(namespace, 'SIGINT')
    expect(code).toBe(130)
    const verdicts = JSON.parse(stdout).criteria.map(({ verdict }: { verdict: string }) => verdict)
    expect(verdicts).not.toContain('fail')
    const after = await inventory(namespace.api, namespace.name)
    expect(after).toMatchObject({ pods: ['web-0', 'web-1', 'web-2'], configMaps: [] })
    expect(after.claims).toEqual(whole(after.claims))
    expect(after.set?.spec).toMatchObject({ replicas: 3 })
    const files = await namespace.api.exec(
      { namespace: namespace.name, pod: 'web-0', container: 'main' },
      'ls',
      '-A',
      '/data',
    )
    expect(files.trim()).toBe('id')
  })
})

describe('verify killed with SIGKILL while the set is small', () => {
  const namespace = inNamespace('kill')

  it('is put back by the next run', async () => {
    await cutOff(namespace, 'SIGKILL')
    const cut = await inventory(namespace.api, namespace.name)
    expect(cut.set?.spec).toMatchObject({ replicas: 0 })
    const { code, stderr } = await verifyIn(namespace.name, '--only', '1')
    expect(stderr).toContain('put back')
    expect(code).toBe(0)
    const after = await inventory(namespace.api, namespace.name)
    expect(after).toMatchObject({ pods: ['web-0', 'web-1', 'web-2'], configMaps: [] })
    expect(after.claims).toEqual(whole(after.claims))
  })

  it('is put back by clean', async () => {
    await cutOff(namespace, 'SIGKILL')
    const cleaned = await runCli(['clean', 'section3', '--namespace', namespace.name, '--yes'])
    expect(cleaned.code, cleaned.stderr).toBe(0)
    const after = await inventory(namespace.api, namespace.name)
    expect(after).toMatchObject({ pods: ['web-0', 'web-1', 'web-2'], configMaps: [] })
    expect(after.set?.spec).toMatchObject({ replicas: 3 })
  })
})
