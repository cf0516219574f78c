import type { Mutable } from '../object.ts'
import type { PersistentVolumeClaim, PodTemplate, StatefulSet, Workload } from '../shapes.ts'
import { defaultPodSpec } from './pod.ts'

function defaultTemplate(template: Mutable<PodTemplate> | undefined): void {
  if (template?.spec !== undefined) defaultPodSpec(template.spec)
}

export function defaultStatefulSet({ spec }: Mutable<StatefulSet>): void {
  if (spec === undefined) return
  spec.replicas ??= 1
  spec.podManagementPolicy ??= 'OrderedReady'
  spec.revisionHistoryLimit ??= 10
  spec.updateStrategy ??= {}
  const strategy = spec.updateStrategy
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate') {
    strategy.rollingUpdate ??= {}
    strategy.rollingUpdate.partition ??= 0
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {}
  const retention = spec.persistentVolumeClaimRetentionPolicy
  retention.whenDeleted ??= 'Retain'
  retention.whenScaled ??= 'Retain'
  defaultTemplate(spec.template)
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ??= 'v1'
    claim.kind ??= 'PersistentVolumeClaim'
    defaultClaim(claim)
  }
}

export function defaultClaim(claim: Mutable<PersistentVolumeClaim>): void {
  claim.spec ??= {}
  claim.spec.volumeMode ??= 'Filesystem'
  claim.status ??= {}
  claim.status.phase ??= 'Pending'
}

export function defaultDeployment({ spec: given }: Mutable<Workload>): void {
  if (given === undefined) return
  const spec: typeof given & {
    strategy?: { type?: string; rollingUpdate?: Record<string, unknown> }
    progressDeadlineSeconds?: number
  } = given
  spec.replicas ??= 1
  spec.revisionHistoryLimit ??= 10
  spec.progressDeadlineSeconds ??= 600
  spec.strategy ??= {}
  const strategy = spec.strategy
  strategy.type ??= 'RollingUpdate'
  if (strategy.type === 'RollingUpdate')
    strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...strategy.rollingUpdate }
  defaultTemplate(spec.template)
}

export function defaultDaemonSet({ spec: given }: Mutable<Workload>): void {
  if (given === undefined) return
  const spec = given as typeof given & Record<string, unknown>
  spec.revisionHistoryLimit ??= 10
  spec.updateStrategy ??= { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
  defaultTemplate(spec.template)
}

export function defaultReplicaSet({ spec }: Mutable<Workload>): void {
  if (spec === undefined) return
  spec.replicas ??= 1
  defaultTemplate(spec.template)
}

/** A job that says nothing else runs one pod to its end. */
export function defaultJob({ spec: given }: Mutable<Workload>): void {
  if (given === undefined) return
  const spec = given as typeof given & Record<string, unknown>
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1
  spec.parallelism ??= 1
  spec.backoffLimit ??= 6
  spec.completionMode ??= 'NonIndexed'
  spec.suspend ??= false
  spec.manualSelector ??= false
  spec.podReplacementPolicy ??= 'TerminatingOrFailed'
  defaultTemplate(spec.template)
}
