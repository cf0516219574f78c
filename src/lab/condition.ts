/** Something that is so on the cluster or is not, as a lab asks for it to choose its words. */
export type LabCondition =
  | { readonly service: string; readonly is: 'absent' | 'present' | 'headless' | 'not-headless' | 'empty' }
  /** `selector` of the service does or does not select pods of the set. */
  | { readonly service: string; readonly selects: 'the-set' | 'others' }
  | { readonly set: 'absent' | 'present' | 'terminating' }
  | { readonly set: 'service-name'; readonly is: string }
  | { readonly set: 'replicas'; readonly is: number }
  | { readonly set: 'policy'; readonly is: 'OrderedReady' | 'Parallel' }
  /** How many volumeClaimTemplates it has. */
  | { readonly set: 'claim-templates'; readonly is: number }
  | { readonly pod: string; readonly is: PodCondition }
  | { readonly claim: string; readonly is: 'absent' | 'pending' | 'bound' | 'terminating' }
  | { readonly all: readonly LabCondition[] }
  | { readonly any: readonly LabCondition[] }
  | { readonly not: LabCondition }

/**
 * outdated: made from an earlier template of its set. misnamed: made for another serviceName than its set has now, so
 * that DNS knows it by no name. crashing: a container of it failed, and is not running now.
 */
export type PodCondition =
  | 'absent'
  | 'pending'
  | 'crashing'
  | 'not-ready'
  | 'ready'
  | 'terminating'
  | 'outdated'
  | 'misnamed'

export interface LabAdvice {
  readonly when: LabCondition
  readonly say: string
  /** From here the exercise cannot be completed any more: said plainly, with the way to `sts-lab reset`. */
  readonly hopeless: boolean
}
