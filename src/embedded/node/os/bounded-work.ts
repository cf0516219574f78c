import { createContext, Script } from 'node:vm'

/** Longer than this nothing else of the cluster may have to wait for one piece of a script's work. */
const LONGEST_MS = 250
/** Less work than this is done without a guard, which costs about 0.1 ms. */
const SMALL = 500_000

/** A script asks for more work at once than a simulated node gives it. It ends the process, as KILL does. */
export class TooMuchWork extends Error {}

const box: { act: () => unknown } = { act: () => undefined }
const context = createContext(box)
const script = new Script('act()')

/**
 * Does work whose length a script decides: a hostile regular expression takes years, and everything runs in one
 * thread. The work is cut off wherever it is, without its `finally` blocks: it must be a pure function.
 * @param steps how much it may be, at a guess
 * @throws TooMuchWork
 */
export function bounded<T>(steps: number, work: () => T): T {
  if (steps <= SMALL) return work()
  box.act = work
  try {
    return script.runInContext(context, { timeout: LONGEST_MS }) as T
  } catch (error) {
    if (isTimeout(error)) throw new TooMuchWork('too much work at once')
    throw error
  } finally {
    box.act = () => undefined
  }
}

/** It comes from another realm, so it is no Error of this one. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/** How much work it may be to look for a regular expression in a text that does not have it. */
export function regexSteps({ source }: RegExp, length: number): number {
  const plain = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  const repeats = plain.match(/[*+?{]/g)?.length ?? 0
  // A group that is repeated, and a reference to one, may try every way to cut the text up.
  const nested = /\)[*+?{]|\|/.test(plain) && repeats > 0
  return nested || /\\[1-9]/.test(source) ? 2 ** Math.min(length, 60) : (length + 1) ** (repeats + 1)
}
