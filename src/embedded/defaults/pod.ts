import type { Mutable } from '../object.ts'
import type { Container, PodSpec, Probe, Volume } from '../shapes.ts'

type Spec = Mutable<PodSpec>
type OneContainer = Mutable<Container>

/** What a pod's spec and a template's get alike. */
export function defaultPodSpec(spec: Spec): void {
  // The one list that is there even when it is empty.
  spec.containers ??= []
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ??= 'default-scheduler'
  // The old name of the field is kept in step with the new one.
  if (spec.serviceAccountName !== undefined) spec.serviceAccount = spec.serviceAccountName
  else if (spec.serviceAccount !== undefined) spec.serviceAccountName = spec.serviceAccount
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    defaultContainer(container)
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
}

/** What only a pod itself gets. */
export function defaultPod(spec: Spec): void {
  defaultPodSpec(spec)
  spec.enableServiceLinks ??= true
  for (const { resources } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    if (resources?.limits !== undefined) resources.requests = { ...resources.limits, ...resources.requests }
}

function defaultContainer(container: OneContainer): void {
  container.name ??= ''
  container.resources ??= {}
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  container.imagePullPolicy ??= pullPolicy(container.image ?? '')
  for (const port of container.ports ?? []) port.protocol ??= 'TCP'
  for (const { valueFrom } of container.env ?? [])
    if (valueFrom?.fieldRef !== undefined) valueFrom.fieldRef.apiVersion ??= 'v1'
  defaultProbe(container.readinessProbe)
  defaultProbe(container.livenessProbe)
  defaultProbe(container.startupProbe)
}

/** :latest, said or unsaid, is pulled every time. */
const pullPolicy = (image: string): string => {
  if (image === '') return 'IfNotPresent'
  const last = image.slice(image.lastIndexOf('/') + 1)
  if (last.includes('@')) return 'IfNotPresent'
  const tag = last.includes(':') ? last.slice(last.indexOf(':') + 1) : 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultProbe(probe: Mutable<Probe> | undefined): void {
  if (probe === undefined) return
  if (probe.httpGet !== undefined) {
    probe.httpGet.path ??= '/'
    probe.httpGet.scheme ??= 'HTTP'
  }
  if (probe.grpc !== undefined) probe.grpc.service ??= ''
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
}

/** Read by owner and group, and by everybody: 0644. */
const FILE_MODE = 0o644

function defaultVolume(volume: Mutable<Volume>): void {
  const sources = Object.keys(volume).filter((key) => key !== 'name')
  if (sources.length === 0) volume.emptyDir = {}
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const found = volume[source] as { defaultMode?: number } | undefined
    if (found !== undefined) found.defaultMode ??= FILE_MODE
  }
  const { hostPath } = volume as { hostPath?: { type?: string } }
  if (hostPath !== undefined) hostPath.type ??= ''
}

/** Guaranteed, Burstable or BestEffort, by what the containers ask for and are allowed. */
export function qosClass(spec: PodSpec): string {
  const all = [...(spec.initContainers ?? []), ...spec.containers].map(({ resources }) => resources ?? {})
  const some = all.some(({ limits = {}, requests = {} }) =>
    ['cpu', 'memory'].some((name) => limits[name] !== undefined || requests[name] !== undefined),
  )
  if (!some) return 'BestEffort'
  const guaranteed = all.every(({ limits = {}, requests = {} }) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    ),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
