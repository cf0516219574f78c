import type { Writable } from 'node:stream'

/** Resolves when a stream takes more again, or is closed. */
export const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    const goOn = (): void => {
      stream.off('drain', goOn).off('close', goOn)
      resolve()
    }
    stream.on('drain', goOn).on('close', goOn)
  })
