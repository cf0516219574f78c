import type { ContainerFacts } from '../../timeline/facts.ts'
import { at, fields, type Json, list, number, text, texts } from './shape.ts'

/** A container of a pod spec. A sidecar (an init container with restartPolicy Always) runs beside the others and so is no init container here. */
export interface ContainerSpec {
  readonly name: string
  readonly init: boolean
  readonly sidecar: boolean
  readonly spec: Json
}

/** The containers of a pod spec in the order they start: init containers and sidecars, then the rest. */
export const containerSpecs = (podSpec: unknown): readonly ContainerSpec[] => {
  const early = list(at(podSpec, 'initContainers')).map((item) => {
    const sidecar = at(item, 'restartPolicy') === 'Always'
    return { name: text(at(item, 'name')) ?? '', init: !sidecar, sidecar, spec: fields(item) }
  })
  const main = list(at(podSpec, 'containers')).map((item) => ({
    name: text(at(item, 'name')) ?? '',
    init: false,
    sidecar: false,
    spec: fields(item),
  }))
  return [...early, ...main]
}

/** The containers with what the kubelet last reported; state 'unknown' before its first report. */
export const parseContainers = (pod: unknown): readonly ContainerFacts[] => {
  const status = at(pod, 'status')
  const reports = [...list(at(status, 'initContainerStatuses')), ...list(at(status, 'containerStatuses'))]
  return containerSpecs(at(pod, 'spec')).map((container) =>
    parseContainer(
      container,
      reports.find((report) => at(report, 'name') === container.name),
    ),
  )
}

const STATES = ['waiting', 'running', 'terminated'] as const

const parseContainer = (container: ContainerSpec, report: unknown): ContainerFacts => {
  const states = fields(at(report, 'state'))
  const state = STATES.find((name) => states[name] !== undefined && states[name] !== null)
  const detail = state === undefined ? undefined : states[state]
  const ended = [at(states, 'terminated'), at(report, 'lastState', 'terminated')].find(
    (end) => typeof at(end, 'exitCode') === 'number',
  )
  return {
    name: container.name,
    init: container.init,
    image: text(container.spec.image) ?? '',
    state: state ?? 'unknown',
    ready: at(report, 'ready') === true,
    reason: text(at(detail, 'reason')),
    message: text(at(detail, 'message')),
    restarts: number(at(report, 'restartCount'), 0),
    lastExitCode: ended === undefined ? null : number(at(ended, 'exitCode'), 0),
    lastExitReason: text(at(ended, 'reason')),
    startedAt: text(at(detail, 'startedAt')),
    hasReadinessProbe: hasProbe(container, 'readinessProbe'),
    readinessCommand: readinessCommand(container),
  }
}

const hasProbe = (container: ContainerSpec, probe: string): boolean =>
  typeof container.spec[probe] === 'object' && container.spec[probe] !== null

const readinessCommand = ({ spec }: ContainerSpec): readonly string[] | null => {
  const command = at(spec.readinessProbe, 'exec', 'command')
  return Array.isArray(command) ? texts(command) : null
}

/**
 * How long the probes of a pod spec may honestly take until the first Ready, in milliseconds: the start-up
 * probes of sidecars one after the other, then the slowest container's start-up and readiness probe. How
 * long init containers and the processes themselves take is unknown and not in it.
 */
export const readinessBudgetMs = (podSpec: unknown): number => {
  const containers = containerSpecs(podSpec).filter((container) => !container.init)
  const sidecars = containers.filter((container) => container.sidecar)
  const before = sidecars.reduce((sum, container) => sum + allowanceMs(container, 'startupProbe'), 0)
  const slowest = containers.map(
    (container) =>
      (container.sidecar ? 0 : allowanceMs(container, 'startupProbe')) +
      allowanceMs(container, 'readinessProbe'),
  )
  return before + Math.max(0, ...slowest)
}

/** Kubernetes' defaults: delay 0 s, period 10 s, timeout 1 s, 3 failures, 1 success. */
const allowanceMs = (container: ContainerSpec, name: string): number => {
  if (!hasProbe(container, name)) return 0
  const probe = fields(container.spec[name])
  const setting = (key: string, fallback: number) => Math.max(0, number(probe[key], fallback))
  const rounds = setting('failureThreshold', 3) + setting('successThreshold', 1) - 1
  const seconds =
    setting('initialDelaySeconds', 0) + setting('periodSeconds', 10) * rounds + setting('timeoutSeconds', 1)
  return seconds * 1000
}
