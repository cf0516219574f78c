import type { ExitCode } from '../../exit-codes.ts'
import { stepSkipped } from '../../run/progress.ts'
import { moveStep } from '../move-step.ts'
import type { Services } from '../services.ts'

/** `sts-lab next [lab]`: skips the step one is at. */
export const next = (options: { readonly lab: string | undefined }, services: Services): Promise<ExitCode> =>
  moveStep(options.lab, services, (progress, lab, now) =>
    progress.current === null ? progress : stepSkipped(progress, lab, progress.current, now),
  )
