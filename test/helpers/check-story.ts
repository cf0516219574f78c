import type { EarlierSystem, Judgement } from '../../src/criteria/criterion.ts'
import { stepChecks } from '../../src/criteria/step-checks/index.ts'
import type { ChangeType, Unplaced } from '../../src/timeline/observation.ts'
import { Timeline } from '../../src/timeline/timeline.ts'
import { aClaim, aPod, aService, aSet, someEndpoints, TARGET } from './builders.ts'

/** What a step's check says of a recording that is told observation by observation. */
export function judgeStory(id: string, ...story: readonly Unplaced[]): Judgement {
  return judgeLaterStory(id, null, ...story)
}

/** The same where an earlier recording is known to have seen something. */
export function judgeLaterStory(
  id: string,
  had: EarlierSystem | null,
  ...story: readonly Unplaced[]
): Judgement {
  const check = stepChecks.find((each) => each.id === id)
  if (check === undefined) throw new Error(`no check ${id}`)
  const timeline = new Timeline(() => new Date(0))
  for (const each of story) timeline.append(each)
  return check.judge({ observations: timeline.observations, had, target: TARGET })
}

export const podSeen = (type: ChangeType, facts: Parameters<typeof aPod>[0]): Unplaced => ({
  stream: 'pods',
  type,
  object: aPod(facts),
})

export const setSeen = (type: ChangeType, facts: Parameters<typeof aSet>[0] = {}): Unplaced => ({
  stream: 'statefulsets',
  type,
  object: aSet(facts),
})

export const claimSeen = (
  type: ChangeType,
  ordinal: number,
  facts: Parameters<typeof aClaim>[0] = {},
): Unplaced => ({ stream: 'claims', type, object: aClaim({ ordinal, ...facts }) })

export const serviceSeen = (facts: Parameters<typeof aService>[0]): Unplaced => ({
  stream: 'services',
  type: 'listed',
  object: aService(facts),
})

export const endpointsSeen = (name: string, ...pods: readonly string[]): Unplaced => ({
  stream: 'endpoints',
  type: 'listed',
  object: someEndpoints({ name, ready: pods.map((pod) => ({ ip: '10.0.0.1', hostname: null, pod })) }),
})

/** A pod of a Deployment: no number, no claim. */
export const copySeen = (name: string, ready: boolean): Unplaced =>
  podSeen('added', {
    name,
    ready,
    claims: [],
    labels: { app: 'web', 'pod-template-hash': '7d8f9c' },
    controller: { kind: 'ReplicaSet', name: 'web-7d8f9c', uid: 'rs-web' },
  })

/** What came when a service or a pod was asked for a page: a page each time, unless `pages` says fewer. */
export const pageSeen = (
  of: 'service' | 'pod',
  name: string,
  facts: {
    readonly text?: string
    readonly asked?: number
    readonly pages?: number
    readonly port?: number
  } = {},
): Unplaced => {
  const { text = 'hello', asked = 1, pages = asked, port = 80 } = facts
  const reading = { read: 'page', of, name, port, from: 'probe', asked, pages, text } as const
  return { stream: 'run', type: 'reading', reading }
}
