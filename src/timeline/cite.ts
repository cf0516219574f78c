import type { ObjectFacts, PodFacts } from './facts.ts'
import type { ActionMark, Observation, PhaseMark, Reading } from './observation.ts'
import { printable } from './printable.ts'

/** An observation as a result quotes it (`EvidenceItem` in result.ts): small, one line, safe to print. */
export interface Citation {
  readonly seq: number
  readonly at: string
  readonly stream: Observation['stream']
  readonly type: string
  /** `pod/web-1`, `claim/www-web-1`, `run` … */
  readonly object: string
  readonly uid: string | null
  readonly detail: string
}

export function cite(observation: Observation): Citation {
  const { seq, at, stream, type } = observation
  if (observation.stream === 'run') {
    const detail =
      observation.type === 'phase'
        ? phaseDetail(observation)
        : observation.type === 'action'
          ? actionDetail(observation.action)
          : readingDetail(observation.reading)
    return { seq, at, stream, type, object: runObject(observation), uid: null, detail: printable(detail) }
  }
  if (observation.type === 'gap') {
    const detail = printable(`not watched for a while: ${observation.reason}`)
    return { seq, at, stream, type, object: stream, uid: null, detail }
  }
  const { object } = observation
  const state = detailOf(object)
  const detail = type === 'deleted' ? 'gone' : type === 'vanished' ? 'missing after a gap' : state
  return {
    seq,
    at,
    stream,
    type,
    object: printable(`${SHORT_KIND[object.kind]}/${object.name}`),
    uid: object.uid,
    detail: printable(detail),
  }
}

/** The citations of some positions of a recording, in their order; unknown positions are left out. */
export function citeAll(observations: readonly Observation[], seqs: readonly number[]): Citation[] {
  const wanted = new Set(seqs)
  return observations.filter((observation) => wanted.has(observation.seq)).map(cite)
}

const SHORT_KIND: Readonly<Record<ObjectFacts['kind'], string>> = {
  Pod: 'pod',
  PersistentVolumeClaim: 'claim',
  StatefulSet: 'statefulset',
  Service: 'service',
  Endpoints: 'endpoints',
  Event: 'event',
}

function detailOf(object: ObjectFacts): string {
  switch (object.kind) {
    case 'Pod':
      return podDetail(object)
    case 'PersistentVolumeClaim': {
      const volume = object.volumeName === null ? '' : `, volume ${object.volumeName}`
      return `${object.deletionTimestamp === null ? '' : 'marked for deletion, '}phase ${object.phase}${volume}`
    }
    case 'StatefulSet':
      return `replicas ${object.replicas}, ${object.status.readyReplicas} ready, policy ${object.podManagementPolicy}`
    case 'Service':
      return object.headless ? 'headless' : `type ${object.type}, cluster IP ${object.clusterIP ?? 'none'}`
    case 'Endpoints':
      return `${object.ready.length} ready, ${object.notReady.length} not ready`
    case 'Event':
      return `${object.reason}: ${object.message}`
  }
}

function podDetail(pod: PodFacts): string {
  if (pod.deletionTimestamp !== null) return 'terminating'
  if (pod.ready) return `ready${pod.ips[0] === undefined ? '' : `, IP ${pod.ips[0]}`}`
  if (pod.unschedulable !== null) return `not scheduled: ${pod.unschedulable.message}`
  const stuck = pod.containers.find((container) => container.state !== 'running' && container.reason !== null)
  return `not ready, phase ${pod.phase}${stuck === undefined ? '' : `, ${stuck.name}: ${stuck.reason}`}`
}

function runObject(mark: Observation & { stream: 'run' }): string {
  if (mark.type === 'action' && 'pod' in mark.action) return printable(`pod/${mark.action.pod}`)
  if (mark.type === 'reading' && 'pod' in mark.reading && mark.reading.pod !== null)
    return printable(`pod/${mark.reading.pod}`)
  if (mark.type === 'reading' && mark.reading.read === 'page')
    return printable(`${mark.reading.of}/${mark.reading.name}`)
  return 'run'
}

function phaseDetail(mark: PhaseMark): string {
  if (mark.boundary === 'begin') return `${mark.phase} begins`
  return `${mark.phase} ends: ${mark.outcome ?? 'unknown'}${mark.reason === null ? '' : `, ${mark.reason}`}`
}

function actionDetail(action: ActionMark['action']): string {
  switch (action.do) {
    case 'scale':
      return `scaled ${action.set} from ${action.from} to ${action.to}`
    case 'delete-pod':
      return `deleted ${action.pod}`
    case 'write-token':
      return `wrote a token to ${action.claim}`
    case 'apply':
      return `applied ${action.objects.join(', ')}`
    case 'other':
      return action.what
  }
}

function readingDetail(reading: Reading): string {
  switch (reading.read) {
    case 'content': {
      const files = reading.files.map((file) => `${file.path}: ${printable(file.text.trim(), 60)}`)
      return `${reading.claim} holds ${reading.fileCount} ${reading.fileCount === 1 ? 'file' : 'files'}${files.length === 0 ? '' : `; ${files.join('; ')}`}`
    }
    case 'unreadable':
      return `${reading.claim} cannot be read: ${reading.reason}`
    case 'dns':
      return `${reading.name} → ${reading.addresses.join(', ') || (reading.status === 'none' ? 'no address' : 'no answer')}`
    case 'dns-unavailable':
      return `DNS cannot be asked: ${reading.reason}`
    case 'page': {
      const asked = `asked for a page on port ${reading.port}`
      const text = printable(reading.text.trim(), 60)
      if (reading.pages === reading.asked) return `${asked}: ${text}`
      return `${asked} ${reading.asked} times, answered ${reading.pages}: ${text}`
    }
    case 'page-unavailable':
      return `nobody could ask for a page: ${reading.reason}`
    case 'settings':
      return `ConfigMap ${reading.configMap} has ${Object.keys(reading.values).join(', ') || 'nothing'}`
    case 'volume':
      return `${reading.claim} is on volume ${reading.volume}`
  }
}
