import type { LabAdvice, LabCondition } from '../lab/condition.ts'
import type { PodFacts, ServiceFacts, StatefulSetFacts } from '../timeline/facts.ts'
import type { ClusterState } from '../timeline/state.ts'

/** The first advice that applies to what is on the cluster; null when none does. */
export const adviceFor = (
  advice: readonly LabAdvice[],
  state: ClusterState,
  statefulSet: string,
): LabAdvice | null => advice.find(({ when }) => conditionHolds(when, state, statefulSet)) ?? null

/** Whether a condition of a lab holds on the cluster. `statefulSet` is the set that the lab is about. */
export function conditionHolds(condition: LabCondition, state: ClusterState, statefulSet: string): boolean {
  if ('all' in condition) return condition.all.every((each) => conditionHolds(each, state, statefulSet))
  if ('any' in condition) return condition.any.some((each) => conditionHolds(each, state, statefulSet))
  if ('not' in condition) return !conditionHolds(condition.not, state, statefulSet)
  const set = state.statefulsets.get(statefulSet)
  if ('service' in condition) return ofService(condition, state, set)
  if ('set' in condition) return ofSet(condition, set)
  if ('pod' in condition) return ofPod(condition.is, state.pods.get(condition.pod), set)
  return ofClaim(condition, state)
}

function ofService(
  condition: Extract<LabCondition, { readonly service: string }>,
  state: ClusterState,
  set: StatefulSetFacts | undefined,
): boolean {
  const service = state.services.get(condition.service)
  if ('selects' in condition) {
    if (service === undefined || set === undefined) return false
    return selectsPodsOf(service, set) === (condition.selects === 'the-set')
  }
  switch (condition.is) {
    case 'absent':
      return service === undefined
    case 'present':
      return service !== undefined
    case 'headless':
      return service?.headless === true
    case 'not-headless':
      return service?.headless === false
    case 'empty': {
      const endpoints = state.endpoints.get(condition.service)
      return (
        service !== undefined && (endpoints?.ready ?? []).length + (endpoints?.notReady ?? []).length === 0
      )
    }
  }
}

/** By the labels that the set gives its pods: also before there are any. A service without a selector selects none. */
export const selectsPodsOf = ({ selector }: ServiceFacts, { podLabels }: StatefulSetFacts): boolean =>
  selector !== null &&
  Object.keys(selector).length > 0 &&
  Object.entries(selector).every(([key, value]) => podLabels[key] === value)

function ofSet(
  condition: Extract<LabCondition, { readonly set: string }>,
  set: StatefulSetFacts | undefined,
): boolean {
  switch (condition.set) {
    case 'absent':
      return set === undefined
    case 'present':
      return set !== undefined
    case 'terminating':
      return set !== undefined && set.deletionTimestamp !== null
    case 'service-name':
      return set?.serviceName === condition.is
    case 'replicas':
      return set?.replicas === condition.is
    case 'policy':
      return set?.podManagementPolicy === condition.is
    case 'claim-templates':
      return (set?.claimTemplates.length ?? null) === condition.is
  }
}

function ofPod(
  is: Extract<LabCondition, { readonly pod: string }>['is'],
  pod: PodFacts | undefined,
  set: StatefulSetFacts | undefined,
): boolean {
  if (pod === undefined) return is === 'absent'
  const leaving = pod.deletionTimestamp !== null
  switch (is) {
    case 'absent':
      return false
    case 'pending':
      return !leaving && pod.phase === 'Pending'
    case 'crashing':
      return !leaving && pod.containers.some(crashes)
    case 'not-ready':
      return !leaving && !pod.ready
    case 'ready':
      return !leaving && pod.ready
    case 'terminating':
      return leaving
    case 'outdated': {
      const wanted = set?.status.updateRevision ?? null
      return !leaving && wanted !== null && pod.revision !== wanted
    }
    case 'misnamed':
      return !leaving && set !== undefined && (pod.subdomain ?? '') !== set.serviceName
  }
}

/** It ended with an error, and is being, or will be, started again. */
const crashes = (container: PodFacts['containers'][number]): boolean =>
  container.reason === 'CrashLoopBackOff' ||
  (container.state !== 'running' && container.lastExitCode !== null && container.lastExitCode !== 0)

function ofClaim(
  { claim: name, is }: Extract<LabCondition, { readonly claim: string }>,
  state: ClusterState,
): boolean {
  const claim = state.claims.get(name)
  if (claim === undefined) return is === 'absent'
  const leaving = claim.deletionTimestamp !== null
  switch (is) {
    case 'absent':
      return false
    case 'pending':
      return !leaving && claim.phase === 'Pending'
    case 'bound':
      return !leaving && claim.phase === 'Bound'
    case 'terminating':
      return leaving
  }
}
