import { describe, expect, it } from 'vitest'
import { undecidedError } from '../../../src/errors.ts'
import type { Cluster } from '../../../src/ports.ts'
import { CostMeter } from '../../../src/run/cost-meter.ts'
import { watchFiles, writeInPods } from '../../../src/run/lab-file.ts'
import { type GoalContext, judgeGoal } from '../../../src/run/lab-goal.ts'
import type { Session } from '../../../src/run/session.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { aPod, aSet, NAMESPACE, SET } from '../../helpers/builders.ts'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { printed } from '../../helpers/pod-output.ts'

const goal = { see: 'file', file: '/data/owner.txt', text: '{pod}' } as const
const pods = [0, 1].map((ordinal) => aPod({ ordinal, ready: true }))
type Exec = Parameters<Cluster['exec']>[0]

function given(exec: (asked: Exec) => ReturnType<Cluster['exec']>) {
  const asked: Exec[] = []
  const cluster: Cluster = Object.assign(new FakeCluster(), {
    exec: async (what: Exec) => {
      asked.push(what)
      return exec(what)
    },
  })
  const set = aSet({ replicas: 2, status: { ...aSet().status, replicas: 2, readyReplicas: 2 } })
  const clock = { now: () => new Date(0), monotonicMs: () => 0, sleep: async () => {} }
  const session: Session = {
    cluster,
    clock,
    timeline: new Timeline(() => new Date(0)),
    state: {
      pods: new Map(pods.map((pod) => [pod.name, pod])),
      statefulsets: new Map([[SET, set]]),
      claims: new Map(),
      services: new Map(),
      endpoints: new Map(),
      events: new Map(),
    },
    pace: 1,
    recording: { lostForMs: () => 0, confirm: async () => true, stop: async () => {} },
    meter: new CostMeter(clock),
    namespace: NAMESPACE,
    runId: 'run1',
    probeImage: 'busybox:1.36',
    signal: new AbortController().signal,
    tell: () => {},
  }
  const files = watchFiles(() => session, SET)
  const context: GoalContext = {
    state: session.state,
    statefulSet: SET,
    namespace: 'there',
    keepNamespace: false,
    setWasThere: true,
    podsAtStart: new Map(),
    diagnose: () => null,
    fileIn: files.seen,
  }
  return { asked, session, files, judge: () => judgeGoal(goal, context) }
}
const failed = async () => ({ ...printed(''), exitCode: 1 })

describe('a file that every pod is to have', () => {
  it('is not there before anybody has looked', () => {
    expect(given(failed).judge()).toEqual({ done: false, reason: 'web-0 was not looked into yet' })
  })

  it('is looked for in each pod, in the container that mounts its folder, and only a bounded part is read', async () => {
    const { asked, files, judge } = given(async ({ pod }) => printed(`this is ${pod}\n`))
    await files.look(goal)
    expect(judge()).toEqual({ done: true })
    expect(asked.map(({ pod, container }) => `${pod}/${container}`)).toEqual(['web-0/app', 'web-1/app'])
    expect(asked[0]?.maxBytes).toBe(65_536)
  })

  it('is missing where there is none, and where it names another pod: each is said', async () => {
    const { files, judge } = given(async ({ pod }) => (pod === 'web-0' ? failed() : printed('web-7')))
    await files.look(goal)
    expect(judge()).toMatchObject({
      done: false,
      reason: 'web-0: there is no /data/owner.txt yet; web-1: /data/owner.txt does not say "web-1"',
    })
  })

  it('is missing where a pod cannot be reached, and the wait goes on', async () => {
    const { files, judge } = given(async () => {
      throw undecidedError('exec-failed', 'gone', 'again')
    })
    await files.look(goal)
    expect(judge()).toMatchObject({ reason: expect.stringContaining('web-0: the pod could not be reached') })
  })

  it("is written with each pod's own name, handed over as an argument and not as shell", async () => {
    const { asked, session } = given(async () => printed(''))
    const write = { do: 'write', file: goal.file, text: 'data of {pod}; rm -rf /' } as const
    expect(await writeInPods(session, pods, write)).toBeNull()
    expect(asked[1]?.command.slice(-2)).toEqual([goal.file, 'data of web-1; rm -rf /'])
    expect(asked[1]?.command[2]).not.toContain('rm')
  })

  it('says which pod it could not be written in', async () => {
    const { session } = given(async ({ pod }) =>
      pod === 'web-0'
        ? printed('')
        : { ...printed(''), exitCode: 1, stderr: Buffer.from('read-only\u001b[2J') },
    )
    const write = { do: 'write', file: goal.file, text: 'x' } as const
    const problem = await writeInPods(session, pods, write)
    expect(problem).toContain('web-1: read-only')
    expect(problem).not.toContain('\u001b')
  })
})
