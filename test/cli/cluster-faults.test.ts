import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/cluster.ts'
import type { VerifyResult } from '../../src/result.ts'
import { applyYaml } from '../e2e/support/apply-yaml.ts'
import { connectTo, type E2eConnection } from '../e2e/support/connect.ts'
import { studentSet } from '../e2e/support/student-set.ts'
import { createNamespace } from '../e2e/support/temporary-namespace.ts'
import { inventory, untilPrinted } from '../e2e/support/verify.ts'
import { type CliOptions, runCli, startCli } from '../helpers/run-cli.ts'

/** A cluster of this file's own: what goes wrong with it is nobody else's. */
let folder: string
let cluster: EmbeddedCluster
let api: E2eConnection
const faults: (() => void)[] = []

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-cli-'))
  cluster = await startEmbeddedCluster({ speed: 'fast', folder })
  api = await connectTo({ kubeconfig: kubeconfig(), context: 'sts-lab-embedded', provider: 'practice' })
})
afterEach(() => {
  for (const takeBack of faults.splice(0)) takeBack()
})
afterAll(async () => {
  api.close()
  await cluster.stop()
  rmSync(folder, { recursive: true })
})

const kubeconfig = (): string => path.join(folder, 'kubeconfig')
const here = (home = 'home'): CliOptions => ({
  env: { KUBECONFIG: kubeconfig(), STS_LAB_HOME: path.join(folder, home) },
})
const cli = (...args: string[]) => runCli(args, here())

async function withSet(namespace: string, set = studentSet()): Promise<void> {
  await createNamespace(api, namespace)
  await applyYaml(api, namespace, set)
}

const REFUSED = (what: string) =>
  ({ kind: 'status', code: 403, reason: 'Forbidden', message: `${what} is forbidden` }) as const

describe('an API server that is away for two seconds', () => {
  it.each([
    ['a pod is being replaced', /pod\/web-1 terminating/, 'OrderedReady'],
    ['the set shrinks', /pod\/web-4 terminating/, 'OrderedReady'],
    ['a Parallel set grows back', /replicas 0 to 3/, 'Parallel'],
  ])('while %s causes no wrong verdict, and the set is as it was', async (when, moment, policy) => {
    const namespace = when.toLowerCase().replaceAll(' ', '-')
    await withSet(namespace, studentSet({ set: { podManagementPolicy: policy } }))
    const running = startCli(['verify', '--allow-simulated', '-n', namespace, '-o', 'json'], here())
    await untilPrinted(running.process, moment)
    const comesBack = cluster.faults.add({ fault: { kind: 'cut' } })
    faults.push(comesBack)
    cluster.faults.cutWatches()
    await sleep(2_000)
    comesBack()
    const { stdout, stderr, code } = await running.result
    const { criteria } = JSON.parse(stdout) as VerifyResult
    const wrong = policy === 'Parallel' ? [2, 7, 8] : []
    for (const { number, verdict, reason } of criteria) {
      if (verdict === 'fail') expect(wrong, stderr).toContain(number)
      if (verdict === 'pass') expect(wrong, stderr).not.toContain(number)
      expect(reason).not.toBe('')
    }
    expect([0, 1, 3]).toContain(code)
    expect(await inventory(api, namespace)).toMatchObject({
      set: { spec: { replicas: 3 } },
      pods: ['web-0', 'web-1', 'web-2'],
      claims: ['data-web-0', 'data-web-1', 'data-web-2'],
      configMaps: [],
    })
  })
})

describe('an API server that writes nothing any more in the middle of verify', () => {
  it('fails nothing, and what is left is said and put back by the next run', async () => {
    await withSet('gone')
    const running = startCli(['verify', '--allow-simulated', '-n', 'gone', '-o', 'json'], here())
    await untilPrinted(running.process, /replicas 3 to 5/)
    const comesBack = cluster.faults.add({
      method: 'PATCH',
      fault: { kind: 'status', code: 500, reason: 'InternalError', message: 'etcd is down' },
    })
    faults.push(comesBack)
    const { stdout, stderr, code } = await running.result
    expect(code, stderr).toBe(3)
    const result = JSON.parse(stdout) as VerifyResult
    expect(result.criteria.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    expect(result.error?.message).toContain('etcd is down')
    expect(stderr).toContain('StatefulSet web')
    expect((await inventory(api, 'gone')).configMaps).toEqual(['sts-lab-verify-web'])
    comesBack()
    const next = await cli('verify', '--allow-simulated', '-n', 'gone', '--only', '1', '-o', 'json')
    expect(next.code, next.stderr).toBe(0)
    expect(next.stderr).toContain('put back')
    expect(await inventory(api, 'gone')).toMatchObject({ set: { spec: { replicas: 3 } }, configMaps: [] })
  })
})

describe('a student without the right', () => {
  it.each([['verify', '--allow-simulated'], ['watch']])(
    'to list pods is told so by %s',
    async (...command) => {
      faults.push(cluster.faults.add({ method: 'GET', path: /\/pods$/, fault: REFUSED('pods') }))
      const { code, stdout, stderr } = await cli(...command, '-n', 'default')
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain('pods is forbidden')
      expect(stderr).toContain('kubectl auth can-i')
    },
  )

  it('to scale is judged by what can be seen without, and nothing is left behind', async () => {
    await withSet('unscaled')
    const path = /\/statefulsets\/web\/scale$/
    faults.push(cluster.faults.add({ method: 'PATCH', path, fault: REFUSED('statefulsets/scale') }))
    const { code, stdout } = await cli('verify', '--allow-simulated', '-n', 'unscaled', '-o', 'json')
    const { criteria } = JSON.parse(stdout) as VerifyResult
    expect(code).toBe(3)
    const verdicts = (verdict: string) => criteria.filter((each) => each.verdict === verdict)
    expect(verdicts('fail')).toEqual([])
    expect(verdicts('pass').map(({ number }) => number)).toEqual([1, 3, 4, 5, 6])
    for (const { reason } of verdicts('inconclusive'))
      expect(reason).toContain('statefulsets/scale is forbidden')
    expect(await inventory(api, 'unscaled')).toMatchObject({ configMaps: [], set: { spec: { replicas: 3 } } })
  })

  it('to see StorageClasses is told by doctor that this is unknown, not that it is well', async () => {
    const statusOf = async (id: string): Promise<string | undefined> => {
      const { stdout } = await cli('doctor', '-o', 'json')
      return JSON.parse(stdout).findings.find((finding: { readonly id: string }) => finding.id === id)?.status
    }
    expect(await statusOf('storage-class')).toBe('ok')
    faults.push(cluster.faults.add({ path: /\/storageclasses$/, fault: REFUSED('storageclasses') }))
    expect(await statusOf('storage-class')).toBe('unknown')
    expect(await statusOf('nodes')).toBe('ok')
  })
})
