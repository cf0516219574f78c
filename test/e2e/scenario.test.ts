import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Answer, ScriptedConversation } from '../helpers/scripted-conversation.ts'
import { runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import { playLab } from './support/play-lab.ts'
import { inventory } from './support/verify.ts'

const SHOW = 's'
const ENTER = ''

describe('sts-lab start scenario --yes', () => {
  const namespace = inNamespace('scenario')

  it('runs the nine steps to their checkpoints, data included, and leaves nothing', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
    try {
      const flags = ['scenario', '--namespace', namespace.name]
      const run = await runCli(['start', ...flags, '--yes'], { env: { STS_LAB_HOME: home } })
      expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
      expect(run.stdout).toContain('exec nginx-sts-1 -- sh -c \'echo "This is the data of nginx-sts-1"')
      const left = await inventory(namespace.api, namespace.name)
      expect(left).toEqual({ set: null, pods: [], claims: [], configMaps: [], services: [] })
    } finally {
      rmSync(home, { recursive: true })
    }
  })
})

describe('the scenario as tasks, done by hand', () => {
  const namespace = inNamespace('tasks')

  it('tells what was not quite it, goes on waiting, and judges what was done in the end', async () => {
    const conversation = new ScriptedConversation(answers())
    const { code } = await playLab('scenario', namespace.name, conversation, {
      change: (lab) => ({ ...lab, guidance: 'semi' }),
      timeoutMs: 280_000,
    })
    expect(code, conversation.verdicts().join('\n')).toBe(0)
    const misses = conversation.told.flatMap((message) => (message.say === 'miss' ? [message.text] : []))
    expect(misses).toEqual([
      'nginx-sts-0 was deleted; this task asks for nginx-sts-1 to be deleted.',
      'The set asks for 4 pods now; this task asks for 5.',
    ])
    expect(conversation.verdicts().filter((verdict) => !verdict.endsWith(': pass'))).toEqual([])
    expect(conversation.told).toContainEqual({
      say: 'noticed',
      text: '/data/owner.txt is there in every pod',
    })
    expect(conversation.unused).toBe(0)
  })

  /** One after the other, a key or what the student does in another terminal. */
  function answers(): Answer[] {
    const order = [SHOW, SHOW, ENTER, '3', ENTER, 'nginx-sts-3']
    const lost = [elsewhere(() => deletePod(0)), elsewhere(() => deletePod(1)), ENTER, '2']
    const scaled = [elsewhere(() => scale(4)), elsewhere(() => scale(5)), elsewhere(() => scale(3))]
    return [...order, elsewhere(write), ...lost, ...scaled, ENTER, 'nginx-sts-0', '1', SHOW]
  }

  const elsewhere = (deed: () => Promise<unknown>): Answer => ({
    elsewhere: () => {
      deed().catch((error: unknown) => {
        throw error
      })
    },
  })
  const pod = (ordinal: number) => `/api/v1/namespaces/${namespace.name}/pods/nginx-sts-${ordinal}`
  const deletePod = (ordinal: number) => namespace.api.remove(pod(ordinal))
  const scale = (replicas: number) =>
    namespace.api.send({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace.name}/statefulsets/nginx-sts/scale`,
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas } },
    })
  async function write() {
    for (const ordinal of [0, 1, 2]) {
      const place = { namespace: namespace.name, pod: `nginx-sts-${ordinal}`, container: 'nginx' }
      await namespace.api.exec(place, 'sh', '-c', 'echo "mine: $HOSTNAME" > /data/owner.txt')
    }
  }
})
