import type { Life } from '../timeline/lives.ts'

/**
 * The first pod of these that did not simply live on through a window. `proven` is false when it only
 * vanished in a gap: then somebody may have replaced it unseen.
 * @param doing "growing", "shrinking": for the sentence.
 */
export function firstTouched(
  lives: readonly Life[],
  begin: number,
  end: number,
  doing: string,
): { readonly reason: string; readonly evidence: readonly number[]; readonly proven: boolean } | null {
  const within = (seq: number | null): seq is number => seq !== null && seq > begin && seq <= end
  for (const life of lives) {
    if (within(life.terminating)) {
      const reason = `${life.pod} was terminated while ${doing} (event ${life.terminating}), though it should have stayed`
      return { reason, evidence: [life.terminating], proven: true }
    }
  }
  for (const life of lives) {
    if (within(life.vanished)) {
      const reason = `${life.pod} went missing while the watch was interrupted (event ${life.vanished})`
      return { reason, evidence: [life.vanished], proven: false }
    }
  }
  return null
}
