import { claimPerPod } from './claim-per-pod.ts'
import { claimsOutliveSet } from './claims-outlive-set.ts'
import { reverseOrderUpdate } from './reverse-order-update.ts'
import { serviceHeadless } from './service-headless.ts'
import type { StepCheck } from './step-check.ts'
import { updateStrategy } from './update-strategy.ts'

export type { StepCheck } from './step-check.ts'

/** All of them. */
export const stepChecks: readonly StepCheck[] = [
  serviceHeadless,
  claimPerPod,
  updateStrategy,
  reverseOrderUpdate,
  claimsOutliveSet,
]
