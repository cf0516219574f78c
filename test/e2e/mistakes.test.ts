import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { applyYaml } from './support/apply-yaml.ts'
import { runCli } from './support/cluster.ts'
import type { E2eConnection } from './support/connect.ts'
import { eventually } from './support/eventually.ts'
import { byHand, mend } from './support/mend.ts'
import { inNamespace } from './support/namespace.ts'
import { manifestText } from './support/play-lab.ts'
import { StudentElsewhere } from './support/student-elsewhere.ts'

describe('sts-lab start --yes of a mistake', () => {
  const labs = ['mistake-1', 'mistake-2', 'mistake-3', 'mistake-7']
  const namespaces = labs.map((lab) => ({ lab, namespace: inNamespace(lab) }))

  it('shows the symptom, mends it by our solution, and clean leaves nothing', async () => {
    await Promise.all(
      namespaces.map(async ({ lab, namespace }) => {
        const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
        try {
          const env = { STS_LAB_HOME: home }
          const run = await runCli(['start', lab, '--namespace', namespace.name, '--yes'], { env })
          expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
          expect(run.stdout).toContain('Symptom')
          const clean = await runCli(['clean', lab, '--namespace', namespace.name, '--yes'], { env })
          expect(clean.code, clean.stderr).toBe(0)
          expect(await left(namespace.api, namespace.name)).toEqual([])
        } finally {
          rmSync(home, { recursive: true })
        }
      }),
    )
  })
})

describe('sts-lab reset of a mistake', () => {
  const namespace = inNamespace('reset')

  it('takes the repair away, puts the broken system up again, and begins progress anew', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
    try {
      const env = { STS_LAB_HOME: home }
      const flags = ['mistake-1', '--namespace', namespace.name]
      expect((await runCli(['start', ...flags, '--yes'], { env })).code).toBe(0)
      const set = `/apis/apps/v1/namespaces/${namespace.name}/statefulsets/cart`
      const before = await namespace.api.get(set)

      await applyYaml(namespace.api, namespace.name, HELD_ELSEWHERE)
      const refused = await runCli(['reset', ...flags], { env })
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('already being run')])
      expect((await namespace.api.get(set))?.metadata.uid).toBe(before?.metadata.uid)
      await namespace.api.remove(`/api/v1/namespaces/${namespace.name}/configmaps/sts-lab-start-mistake-1`)

      const reset = await runCli(['reset', ...flags], { env })
      expect(reset.code, reset.stderr).toBe(0)
      const after = await namespace.api.get(set)
      expect(after?.metadata.uid).not.toBe(before?.metadata.uid)
      expect(await namespace.api.get(`/api/v1/namespaces/${namespace.name}/services/cart`)).toBeNull()
      const status = await runCli(['status', 'mistake-1', '-o', 'json'], { env })
      expect(status.stdout).toContain('"current": "symptom"')
    } finally {
      rmSync(home, { recursive: true })
    }
  })
})

/** A run of somebody on another machine, who is at it now. */
const HELD_ELSEWHERE = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'sts-lab-start-mistake-1' },
  data: {
    holder: JSON.stringify({ host: 'elsewhere', pid: 1, birth: '1', writtenAt: new Date().toISOString() }),
  },
})

describe('a repair by hand, without a key', () => {
  const forgotten = inNamespace('forgotten')
  const misnamed = inNamespace('misnamed')
  const labels = inNamespace('labels')
  const adopted = inNamespace('adopted')

  it.concurrent('of a forgotten service is noticed after a try that is none, and known as the lab’s', async () => {
    const { api, name } = forgotten
    const service = `/api/v1/namespaces/${name}/services/cart`
    const student = new StudentElsewhere(
      () => byHand(api, name, 'mistake-1/wrong/cluster-ip.yaml'),
      async () => {
        await api.remove(service)
        await byHand(api, name, 'mistake-1/fixed/service.yaml')
      },
    )
    const { kept } = await mend('mistake-1', name, student)
    expect(student.of('unfixed')).toMatchObject([
      { verdicts: [{ id: 'dns-resolution', verdict: 'fail', hint: null }] },
    ])
    expect(student.of('advice')[0]?.text).toContain('an address of its own')
    const made = await api.get<{ metadata: { uid: string } }>(service)
    expect(kept?.created).toContain(made?.metadata.uid)
  })

  it.concurrent('of a wrong service name may be a second service of the name that the set gives', async () => {
    const { api, name } = misnamed
    const student = new StudentElsewhere(() => byHand(api, name, 'mistake-3/fixed/second-service.yaml'))
    await mend('mistake-3', name, student)
  })

  it.concurrent('of labels may be a set that is made anew with others', async () => {
    const { api, name } = labels
    const student = new StudentElsewhere(async () => {
      await api.remove(`/apis/apps/v1/namespaces/${name}/statefulsets/orders`)
      await untilNoPods(api, name, 'orders')
      const set = await setOf('mistake-2/broken.yaml')
      await applyYaml(api, name, set.replaceAll('app: orders', 'app: order'))
    })
    await mend('mistake-2', name, student)
  })

  it.concurrent('is none as long as the pods are those that were made for the other service', async () => {
    const { api, name } = adopted
    const student = new StudentElsewhere(
      async () => {
        await orphan(api, `/apis/apps/v1/namespaces/${name}/statefulsets/ledger`)
        await byHand(api, name, 'mistake-3/fixed/statefulset.yaml')
      },
      async () => {
        for (const ordinal of [0, 1, 2]) await api.remove(`/api/v1/namespaces/${name}/pods/ledger-${ordinal}`)
      },
    )
    await mend('mistake-3', name, student)
    expect(student.of('advice').at(-1)?.text).toContain('spec.subdomain')
  })
})

async function setOf(file: string): Promise<string> {
  const documents = (await manifestText(file)).split(/^---$/m)
  return documents.find((text) => text.includes('kind: StatefulSet')) ?? ''
}

/** Deletes an object and leaves what it owns. */
async function orphan(api: E2eConnection, url: string): Promise<void> {
  await api.send({ method: 'DELETE', path: url, body: { propagationPolicy: 'Orphan' } })
  await eventually('the set is gone', async () => ((await api.get(url)) === null ? null : 'still there'))
}

const untilNoPods = (api: E2eConnection, namespace: string, app: string): Promise<void> =>
  eventually('the pods are gone', async () => {
    const pods = await api.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`)
    return pods.length === 0 ? null : `${pods.length} pods`
  })

/** What is left in a namespace, but for what is on its way out. */
async function left(api: E2eConnection, namespace: string): Promise<string[]> {
  const base = `/api/v1/namespaces/${namespace}`
  const lists = await Promise.all(
    [`${base}/pods`, `${base}/services`, `${base}/persistentvolumeclaims`].map((path) => api.list(path)),
  )
  return lists
    .flat()
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name)
}
