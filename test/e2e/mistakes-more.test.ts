import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Choice } from '../../src/run/conversation.ts'
import { runCli } from './support/cluster.ts'
import type { E2eConnection } from './support/connect.ts'
import { eventually } from './support/eventually.ts'
import { byHand, mend } from './support/mend.ts'
import { inNamespace } from './support/namespace.ts'
import { playLab } from './support/play-lab.ts'
import { StudentElsewhere } from './support/student-elsewhere.ts'

describe('sts-lab start --yes', () => {
  // The others are played by `labs test`, which runs the same code: here it is the command line that is tested.
  const labs = ['mistake-4', 'trouble-1']
  const namespaces = labs.map((lab) => ({ lab, namespace: inNamespace(lab) }))

  it.concurrent.for(namespaces)(
    'of $lab shows the symptom and mends it',
    async ({ lab, namespace }, context) => {
      const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
      try {
        const run = await runCli(['start', lab, '--namespace', namespace.name, '--yes'], {
          env: { STS_LAB_HOME: home },
        })
        context.expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
        context.expect(run.stdout).toContain('Symptom')
      } finally {
        rmSync(home, { recursive: true })
      }
    },
  )
})

describe('a repair by hand', () => {
  const waiting = inNamespace('waiting')
  const settings = inNamespace('settings')
  const front = inNamespace('front')
  const lost = inNamespace('lost')

  it.concurrent('of an ordered start needs the stuck pod deleted, and says so', async () => {
    const { api, name } = waiting
    const pod = `/api/v1/namespaces/${name}/pods/quorum-0`
    const student: StudentElsewhere = new StudentElsewhere(async () => {
      await byHand(api, name, 'mistake-6/fixed/own-probe.yaml')
      await told(student, 'kubectl delete pod quorum-0')
      await api.remove(pod)
    })
    await mend('mistake-6', name, student)
  })

  it.concurrent('of settings goes from one trouble to the next, and what was made for it is the lab’s', async () => {
    const { api, name } = settings
    const pod = `/api/v1/namespaces/${name}/pods/greeter-0`
    const map = `/api/v1/namespaces/${name}/configmaps/greeter-settings`
    await ownedBy(api, name, 'trouble-2')
    const student: StudentElsewhere = new StudentElsewhere(async () => {
      await byHand(api, name, 'trouble-2/settings-draft.yaml')
      await api.remove(pod)
      await told(student, 'a crash loop')
      await api.remove(map)
      await byHand(api, name, 'trouble-2/fixed/settings.yaml')
      await api.remove(pod)
    })
    const { kept } = await mend('trouble-2', name, student)
    expect(kept?.created).toContain((await api.get(map))?.metadata.uid)
  })

  it.concurrent('of a front is a Deployment, and is judged when its pods are ready', async () => {
    const { api, name } = front
    const base = `/api/v1/namespaces/${name}`
    await ownedBy(api, name, 'mistake-5')
    const student = new StudentElsewhere(async () => {
      await api.remove(`/apis/apps/v1/namespaces/${name}/statefulsets/front`)
      await api.remove(`${base}/services/front`)
      for (const ordinal of [0, 1, 2])
        await api.remove(`${base}/persistentvolumeclaims/data-front-${ordinal}`)
      await byHand(api, name, 'mistake-5/fixed/front.yaml')
    })
    const { kept } = await mend('mistake-5', name, student)
    const deployment = await api.get(`/apis/apps/v1/namespaces/${name}/deployments/front`)
    expect(kept?.created).toContain(deployment?.metadata.uid)
  })

  it.concurrent('cannot bring back a claim in use, which is said with the way to begin anew', async () => {
    const { api, name } = lost
    const student = new GivesUp(() =>
      api.remove(`/api/v1/namespaces/${name}/persistentvolumeclaims/data-shop-0`),
    )
    expect((await playLab('mistake-4', name, student)).code, student.story()).toBe(0)
    const hopeless = student.of('advice').find(({ reset }) => reset !== null)
    expect(hopeless).toMatchObject({ reset: `sts-lab reset mistake-4 --namespace ${name}` })
    expect(hopeless?.text).toContain('the mark cannot be taken back')
  })
})

/** Leaves when told that it cannot be mended any more. */
class GivesUp extends StudentElsewhere {
  override async choose(choices: readonly Choice[], signal: AbortSignal): Promise<string | null> {
    return this.of('advice').some(({ reset }) => reset !== null) ? 'q' : super.choose(choices, signal)
  }
}

/** As if the lab had made the namespace. In somebody else's, what a student makes stays the student's. */
async function ownedBy(api: E2eConnection, name: string, lab: string): Promise<void> {
  const body = { metadata: { labels: { 'sts-lab.dev/lab': lab } } }
  const contentType = 'application/merge-patch+json'
  await api.send({ method: 'PATCH', path: `/api/v1/namespaces/${name}`, contentType, body })
}

const told = (student: StudentElsewhere, text: string): Promise<void> =>
  eventually(`told: ${text}`, async () =>
    student.of('advice').some((advice) => advice.text.includes(text)) ? null : student.story(),
  )
