import { setMaxListeners } from 'node:events'

/**
 * Calls `listener` once when the signal is aborted. One signal serves a whole run with many requests at
 * once, which Node takes for a leak after ten: hence the limit is lifted.
 * @returns ends the listening
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
