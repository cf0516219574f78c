import { setTimeout as pause } from 'node:timers/promises'
import { interruptedError } from '../errors.ts'

/** A keyboard: what `process.stdin` is on a terminal. */
export interface Keyboard {
  readonly isTTY?: boolean
  setRawMode(raw: boolean): unknown
  resume(): unknown
  pause(): unknown
  on(event: 'data', listener: (typed: Buffer | string) => void): unknown
  off(event: 'data', listener: (typed: Buffer | string) => void): unknown
}

/** Long enough to be handed what the terminal has kept, too short to type. */
const DRAIN_MS = 15
const CTRL_C = '\u0003'

/**
 * Forgets what was typed before a question was asked: an Enter during a wait is no answer to what comes after it.
 *
 * @throws LabError 'interrupted' when Ctrl-C is in it
 */
export async function forgetTypedAhead(keyboard: Keyboard): Promise<void> {
  if (keyboard.isTTY !== true) return
  let interrupted = false
  const drop = (typed: Buffer | string) => {
    interrupted ||= typed.toString().includes(CTRL_C)
  }
  // Raw, since a line that was begun and not ended counts too.
  keyboard.setRawMode(true)
  keyboard.on('data', drop)
  keyboard.resume()
  try {
    await pause(DRAIN_MS)
  } finally {
    keyboard.off('data', drop)
    keyboard.pause()
    keyboard.setRawMode(false)
  }
  if (interrupted) throw interruptedError()
}
