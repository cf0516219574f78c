import { stepBegun } from '../../../src/run/proof/step-mark.ts'
import { MANAGED_LABELS } from '../../../src/run/session.ts'
import type { ClaimFacts, PodFacts } from '../../../src/timeline/facts.ts'
import type { Observation } from '../../../src/timeline/observation.ts'

/** What happened to the pods and claims of a play, in the order in which the cluster wrote it down. */
export type Story = readonly StoryStep[]

export interface StoryStep {
  /** Of the lab, or the phase of an exam; BEFORE: what was there when the recording began, in no order. */
  readonly step: string
  readonly events: readonly StoryEvent[]
}

export interface StoryEvent {
  /**
   * `web-0`, `claim:data-web-0`, `web-0(2)` for the second of that name; the pods of a Deployment have no names
   * that are the same twice, so each is `web~1`, with the number of its ReplicaSet.
   */
  readonly object: string
  readonly what: string
  /** It was seen, and not when it came. */
  readonly unplaced?: true
}

export const BEFORE = 'before'
export const CLAIM = 'claim:'
export const COPY = '~'

/**
 * Reduces a recording. Between the streams of pods and of claims the order in which they arrived says nothing: the
 * cluster's own count of its writes is taken instead, which both clusters keep in one row for all kinds.
 */
export function storyOf(observations: readonly Observation[]): Story {
  const told = new Set<string>()
  const names = new Names()
  const events: { readonly at: number; readonly event: StoryEvent }[] = []
  const steps: { readonly at: number; readonly step: string }[] = [{ at: -1, step: BEFORE }]
  const marks = observations.some((each) => stepBegun(each) !== null) ? stepBegun : phaseBegun
  let last = 0
  for (const each of observations) {
    const step = marks(each)
    if (step !== null) steps.push({ at: last, step })
    if (!('object' in each)) continue
    last = Math.max(last, Number(each.object.resourceVersion))
    if (each.stream !== 'pods' && each.stream !== 'claims') continue
    if (isOurs(each.object)) continue
    const wasThere = each.type === 'listed' && steps.length === 1
    const at = wasThere ? 0 : Number(each.object.resourceVersion)
    const object = names.of(each.object)
    for (const what of factsOf(each.object, each.type === 'deleted' || each.type === 'vanished')) {
      const key = `${each.object.uid} ${what}`
      if (told.has(key)) continue
      told.add(key)
      events.push({ at, event: { object, what } })
    }
  }
  const inOrder = events.sort((a, b) => a.at - b.at)
  const story = steps.map(({ at, step }, index) => {
    const end = steps[index + 1]?.at ?? Number.POSITIVE_INFINITY
    return {
      step,
      events: inOrder.filter((each) => each.at > at && each.at <= end).map(({ event }) => event),
    }
  })
  return story.filter(({ step, events }) => step !== BEFORE || events.length > 0)
}

/** What stands for the steps of an exam. */
const phaseBegun = (each: Observation): string | null =>
  each.type === 'phase' && each.boundary === 'begin' ? each.phase : null

const isOurs = (object: PodFacts | ClaimFacts): boolean =>
  Object.entries(MANAGED_LABELS).every(([key, value]) => object.labels[key] === value)

function factsOf(object: PodFacts | ClaimFacts, isGone: boolean): readonly string[] {
  const facts =
    object.kind === 'Pod'
      ? {
          created: true,
          scheduled: object.node !== null,
          running: object.phase === 'Running',
          ready: object.ready && object.deletionTimestamp === null,
          'told to go': object.deletionTimestamp !== null,
          gone: isGone,
        }
      : {
          created: true,
          bound: object.phase === 'Bound',
          'told to go': object.deletionTimestamp !== null,
          gone: isGone,
        }
  return Object.entries(facts).flatMap(([what, holds]) => (holds ? [what] : []))
}

/** Names that are the same on each cluster. */
class Names {
  readonly #objects = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #replicaSets = new Map<string, string>()

  of(object: PodFacts | ClaimFacts): string {
    const known = this.#objects.get(object.uid)
    if (known !== undefined) return known
    const name = this.#new(object)
    this.#objects.set(object.uid, name)
    return name
  }

  #new(object: PodFacts | ClaimFacts): string {
    if (object.kind === 'Pod' && object.controller?.kind === 'ReplicaSet') {
      const { uid, name } = object.controller
      const deployment = name.replace(/-[^-]*$/, '')
      const set = this.#replicaSets.get(uid) ?? `${deployment}${COPY}${this.#count(`${deployment}${COPY}`)}`
      this.#replicaSets.set(uid, set)
      return set
    }
    const name = object.kind === 'Pod' ? object.name : `${CLAIM}${object.name}`
    const count = this.#count(name)
    return count === 1 ? name : `${name}(${count})`
  }

  #count(what: string): number {
    const count = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, count)
    return count
  }
}
