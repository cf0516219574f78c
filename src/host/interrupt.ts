import { interruptedError } from '../errors.ts'
import { EXIT } from '../exit-codes.ts'

/** The parts of `process` that this needs. */
export interface Signalled {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Turns Ctrl-C, SIGTERM and a closed terminal into an AbortSignal, so that clean-up happens where the
 * mess was made. The first one aborts (reason: `interruptedError()`), the second says that clean-up is
 * under way, the third leaves at once with 130.
 */
export function watchInterrupts(options: {
  readonly process: Signalled
  readonly err: (text: string) => void
  readonly exit: (code: number) => void
}): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController()
  let count = 0
  const onSignal = (): void => {
    count += 1
    if (count === 1) controller.abort(interruptedError())
    else if (count === 2) options.err('still cleaning up; press again to leave at once\n')
    else options.exit(EXIT.interrupted)
  }
  for (const name of signals) options.process.on(name, onSignal)
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) options.process.off(name, onSignal)
    },
  }
}
