import { answersFromSettings } from './answers-from-settings.ts'
import { claimPerPod } from './claim-per-pod.ts'
import { claimsOutliveSet } from './claims-outlive-set.ts'
import { claimsReadWriteOnce } from './claims-read-write-once.ts'
import { claimsRemoved } from './claims-removed.ts'
import { noSpareClaims } from './no-spare-claims.ts'
import { ownPage } from './own-page.ts'
import { podsReady } from './pods-ready.ts'
import { readinessProbed } from './readiness-probed.ts'
import { reverseOrderUpdate } from './reverse-order-update.ts'
import { runsAsDeployment } from './runs-as-deployment.ts'
import { serviceHeadless } from './service-headless.ts'
import { serviceSpreads } from './service-spreads.ts'
import { setRemoved } from './set-removed.ts'
import type { StepCheck } from './step-check.ts'
import { updateStrategy } from './update-strategy.ts'
import { usedClaimsKept } from './used-claims-kept.ts'

export type { StepCheck } from './step-check.ts'

/** All of them. */
export const stepChecks: readonly StepCheck[] = [
  serviceHeadless,
  claimPerPod,
  updateStrategy,
  reverseOrderUpdate,
  claimsOutliveSet,
  noSpareClaims,
  usedClaimsKept,
  claimsReadWriteOnce,
  podsReady,
  readinessProbed,
  runsAsDeployment,
  setRemoved,
  claimsRemoved,
  serviceSpreads,
  ownPage,
  answersFromSettings,
]
