import type { ExitCode } from '../../exit-codes.ts'
import { stepBack } from '../../run/progress.ts'
import { moveStep } from '../move-step.ts'
import type { Services } from '../services.ts'

/** `sts-lab back [lab]`: to the step before. */
export const back = (options: { readonly lab: string | undefined }, services: Services): Promise<ExitCode> =>
  moveStep(options.lab, services, stepBack)
