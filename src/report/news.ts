import type { ClaimFacts, ObjectFacts, PodFacts } from '../timeline/facts.ts'
import type { ActionMark, Observation } from '../timeline/observation.ts'
import { type ClusterState, isReady } from '../timeline/state.ts'

/** Longest line of live progress, characters. */
export const longestLine = 500

/** One thing worth telling. `tone` picks a colour. Neither text is made printable yet. */
export interface News {
  /** `pod/web-1`, `claim/www-web-1`; '' for what sts-lab did or noticed itself. */
  readonly object: string
  readonly what: string
  readonly tone: 'good' | 'bad' | 'plain' | 'action'
}

/**
 * What an observation tells somebody who watches, or null: most watch events change nothing that a person
 * would call a change. `before` is the state without this observation.
 */
export function newsOf(before: ClusterState, observation: Observation): News | null {
  if (observation.type === 'gap') {
    const what = `connection lost, ${observation.stream} listed again (${observation.reason})`
    return { object: '', what, tone: 'bad' }
  }
  switch (observation.stream) {
    case 'run':
      return observation.type === 'action' ? actionNews(observation.action) : null
    case 'pods': {
      const pod = observation.object
      const old = known(before.pods.get(pod.name), pod)
      return told(observation.type, pod, old, podNews(old, pod))
    }
    case 'claims': {
      const claim = observation.object
      const old = known(before.claims.get(claim.name), claim)
      return told(observation.type, claim, old, claimNews(old, claim))
    }
    case 'statefulsets': {
      const set = observation.object
      const old = known(before.statefulsets.get(set.name), set)
      const what =
        old === null
          ? `${set.replicas} replicas, ${set.podManagementPolicy}`
          : old.replicas === set.replicas
            ? null
            : `replicas ${old.replicas} to ${set.replicas}`
      return told(observation.type, set, old, what === null ? null : { what, tone: 'plain' })
    }
    case 'services': {
      const service = observation.object
      const old = known(before.services.get(service.name), service)
      const what = service.headless ? 'headless' : service.type
      return told(observation.type, service, old, old === null ? { what, tone: 'plain' } : null)
    }
    case 'endpoints':
      return null
    case 'events': {
      // Only warnings, and only the first time: what was listed is old, what repeats has been told.
      const { warning, about, reason, message } = observation.object
      if (!warning || observation.type !== 'added') return null
      // A pod that cannot be scheduled says so itself, and the probes of one that is being stopped are to fail.
      const pod = about.kind === 'Pod' ? before.pods.get(about.name) : undefined
      if (reason === 'FailedScheduling' || (pod && pod.deletionTimestamp !== null)) return null
      return {
        object: `${about.kind.toLowerCase()}/${about.name}`,
        what: `${reason}: ${message}`,
        tone: 'bad',
      }
    }
  }
}

/** The news as one line, not yet printable. */
export const newsText = ({ object, what }: News): string => (object === '' ? what : `${object} ${what}`)

type Told = Pick<News, 'what' | 'tone'>

/** The object as it was before, if it is still the same one. */
function known<T extends ObjectFacts>(before: T | undefined, now: T): T | null {
  return before !== undefined && before.uid === now.uid ? before : null
}

function told(type: string, object: ObjectFacts, old: ObjectFacts | null, change: Told | null): News | null {
  const name = `${shortKind[object.kind]}/${object.name}`
  if (type === 'deleted') return { object: name, what: 'gone', tone: 'bad' }
  if (type === 'vanished') return { object: name, what: 'gone, unknown when', tone: 'bad' }
  if (change === null) return null
  // Listed: it was there when we came. Its state is news, but nothing has happened to it now.
  const opening = old !== null ? null : type === 'listed' ? 'is there' : 'added'
  const what = [opening, change.what].filter(Boolean).join(', ')
  return what === '' ? null : { object: name, what, tone: change.tone }
}

const shortKind: Readonly<Record<ObjectFacts['kind'], string>> = {
  Pod: 'pod',
  PersistentVolumeClaim: 'claim',
  StatefulSet: 'statefulset',
  Service: 'service',
  Endpoints: 'endpoints',
  Event: 'event',
}

function podNews(old: PodFacts | null, pod: PodFacts): Told | null {
  if (pod.deletionTimestamp !== null) {
    return old?.deletionTimestamp ? null : { what: 'terminating', tone: 'bad' }
  }
  if (isReady(pod)) return old !== null && isReady(old) ? null : { what: 'ready', tone: 'good' }
  if (old !== null && isReady(old)) return { what: 'no longer ready', tone: 'bad' }
  const trouble = troubleOf(pod)
  if (trouble !== null && (old === null || troubleOf(old) !== trouble)) return { what: trouble, tone: 'bad' }
  return old === null ? { what: '', tone: 'plain' } : null
}

function claimNews(old: ClaimFacts | null, claim: ClaimFacts): Told | null {
  if (claim.deletionTimestamp !== null) {
    return old?.deletionTimestamp ? null : { what: 'marked for deletion', tone: 'bad' }
  }
  if (old?.phase === claim.phase) return null
  const bound = claim.phase === 'Bound' && claim.volumeName !== null
  return { what: bound ? `Bound to ${claim.volumeName}` : claim.phase, tone: bound ? 'good' : 'plain' }
}

/** Why a pod does not come up, once that is more than being under way; null while it may just need time. */
function troubleOf(pod: PodFacts): string | null {
  if (pod.unschedulable !== null) return `cannot be scheduled: ${pod.unschedulable.message}`
  const usual = ['ContainerCreating', 'PodInitializing', 'Completed']
  for (const { name, state, reason, lastExitCode } of pod.containers) {
    if (state === 'running' || reason === null || usual.includes(reason)) continue
    const exit = lastExitCode === null ? '' : ` (exit code ${lastExitCode})`
    return `container ${name}: ${reason}${exit}`
  }
  return null
}

function actionNews(action: ActionMark['action']): News | null {
  const tell = (what: string): News => ({ object: '', what, tone: 'action' })
  switch (action.do) {
    case 'scale':
      return tell(`sts-lab scales ${action.set} from ${action.from} to ${action.to}`)
    case 'delete-pod':
      return tell(`sts-lab deletes ${action.pod}`)
    case 'apply':
      return tell(`sts-lab applies ${action.objects.join(', ')}`)
    case 'write-token':
    case 'other':
      return null
  }
}
