import { BEFORE, CLAIM, COPY, type Story, type StoryEvent, type StoryStep } from './story.ts'

/** Steps by their names; see exceptions.ts. */
interface Exceptions {
  readonly races?: readonly string[]
  readonly cutOff?: readonly string[]
}

/**
 * Where a story is not as the known one: in each step the same events, and in the same order where there is one:
 * - the events of a member (a pod, its namesakes and its claims) follow one another, always;
 * - of two members, what begins (created, told to go) stands before or after what a controller waits for (a pod is
 *   ready, a pod is gone). That is every promise of an order, and that nothing waits where nothing is to be waited for.
 *
 * Of two members there is no order between two beginnings (a loop over members, or the garbage collector's twenty
 * workers, in one breath), between two ends (each pod takes its time), and to what nobody waits for (scheduled,
 * running, bound, a claim gone). The copies of a Deployment have no names, so the first of them to be ready is
 * compared with the first.
 *
 * @returns sentences.
 */
export function driftFrom(
  known: Story,
  other: Story,
  { races = [], cutOff = [] }: Exceptions = {},
): readonly string[] {
  // Nothing was waited for, so how far things have come is chance.
  if (known.every(({ step }) => step === BEFORE)) return []
  const [ours, theirs] = [steps(other), steps(known)]
  const told: string[] = []
  const last = theirs.at(-1)?.step
  for (const { step, events } of theirs) {
    const here = ours.find((each) => each.step === step)?.events ?? []
    const missing = names(events).filter((name) => !names(here).includes(name))
    const more = names(here).filter((name) => !names(events).includes(name))
    const may = (name: string): boolean => cutOff.includes(step) || (step === last && isOnItsWay(name))
    told.push(
      ...missing.filter((name) => !may(name)).map((name) => `${step}: ${name} is missing`),
      ...more.filter((name) => !may(name)).map((name) => `${step}: ${name} is not to be`),
      ...swapped(events, here, races.includes(step) ? isOneObject : isBinding).map(
        (pair) => `${step}: the other way round here: ${pair}`,
      ),
    )
  }
  const unknown = ours.filter(
    ({ step, events }) => events.length > 0 && !theirs.some((each) => each.step === step),
  )
  return [...told, ...unknown.map(({ step }) => `step ${step} is not to be`)]
}

/** What was there already belongs to the first step; where it stood among the others is not known. */
function steps(story: Story): readonly StoryStep[] {
  const [before, first, ...rest] = story
  if (before?.step !== BEFORE || first === undefined) return story
  return [{ step: first.step, events: [...before.events.map(unplaced), ...first.events] }, ...rest]
}

const unplaced = (event: StoryEvent): StoryEvent => ({ ...event, unplaced: true })

/** A recording may end while something is on its way out. */
const isOnItsWay = (name: string): boolean => name.endsWith(' gone')

/** Pairs of `known` that are binding and come the other way round in `other`. */
function swapped(
  known: readonly StoryEvent[],
  other: readonly StoryEvent[],
  binding: (a: StoryEvent, b: StoryEvent) => boolean,
): readonly string[] {
  const places = new Map(numbered(other).map((each, place) => [each.name, { ...each, place }]))
  const both = numbered(known).filter(({ name }) => places.has(name))
  return both.flatMap((before, index) =>
    both.slice(index + 1).flatMap((after) => {
      const [a, b] = [places.get(before.name), places.get(after.name)]
      if (a === undefined || b === undefined || a.place < b.place) return []
      if (!binding(before.event, after.event) || !binding(a.event, b.event)) return []
      return [`${before.name} before ${after.name}`]
    }),
  )
}

const names = (events: readonly StoryEvent[]): readonly string[] => numbered(events).map(({ name }) => name)

/** With a number where a step has several of a kind. */
function numbered(
  events: readonly StoryEvent[],
): readonly { readonly name: string; readonly event: StoryEvent }[] {
  const counts = new Map<string, number>()
  return events.map((event) => {
    const kind = `${event.object} ${event.what}`
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return { name: count === 1 ? kind : `${event.object} #${count} ${event.what}`, event }
  })
}

const isOneObject = (a: StoryEvent, b: StoryEvent): boolean =>
  arePlaced(a, b) && a.object === b.object && !isCopy(a)

const arePlaced = (...events: readonly StoryEvent[]): boolean =>
  events.every(({ unplaced }) => unplaced !== true)

function isBinding(a: StoryEvent, b: StoryEvent): boolean {
  if (!arePlaced(a, b)) return false
  if (isOneObject(a, b)) return true
  if (isAsked(a) || isAsked(b) || (isBound(a) && isEarly(b)) || (isEarly(a) && isBound(b))) return false
  if (!isCopy(a) && areOneMember(nameOf(a), nameOf(b))) return true
  return (begins(a) && isAwaited(b)) || (isAwaited(a) && begins(b))
}

/** `web-0` of `web-0`, `web-0(2)` */
const nameOf = ({ object }: StoryEvent): string => object.replace(/\(\d+\)$/, '')

/** Claims end in the name of their pod. */
const areOneMember = (a: string, b: string): boolean => a === b || isClaimOf(a, b) || isClaimOf(b, a)
const isClaimOf = (claim: string, pod: string): boolean =>
  claim.startsWith(CLAIM) && !pod.startsWith(CLAIM) && claim.endsWith(`-${pod}`)

const isCopy = ({ object }: StoryEvent): boolean => object.includes(COPY)
/** Nobody deletes a claim but the lab itself, when it gets to it (and a retention policy, of which no lab makes use). */
const isAsked = ({ object, what }: StoryEvent): boolean => object.startsWith(CLAIM) && what === 'told to go'
/**
 * The binder does not wait for the pod, nor the controller for the binder. The scheduler does, but only for the first of
 * the binder's two writes, not for the second, which says Bound; the kubelet waits for that.
 */
const isBound = ({ what }: StoryEvent): boolean => what === 'bound'
const isEarly = (event: StoryEvent): boolean => begins(event) || event.what === 'scheduled'
const begins = ({ what }: StoryEvent): boolean => what === 'created' || what === 'told to go'
const isAwaited = ({ object, what }: StoryEvent): boolean =>
  !object.startsWith(CLAIM) && (what === 'ready' || what === 'gone')
