import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks until `probe` returns null (it is so) instead of what is still missing. Rejects after `timeoutMs` with
 * the last thing missing.
 */
export async function eventually(
  what: string,
  probe: () => Promise<string | null>,
  timeoutMs = 60_000,
): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  for (;;) {
    const missing = await probe()
    if (missing === null) return
    if (performance.now() > giveUpAt)
      throw new Error(`not so after ${timeoutMs / 1000} s: ${what} (${missing})`)
    await sleep(200)
  }
}
