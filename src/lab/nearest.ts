/**
 * The candidate that a mistyped word most likely meant, or null when none is near enough (a third of the
 * word's letters, two at least for words of four letters and more).
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))
  let best: { readonly candidate: string; readonly distance: number } | null = null
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance <= limit && (best === null || distance < best.distance)) best = { candidate, distance }
  }
  return best?.candidate ?? null
}

/** `: did you mean "x"?`, or '' when none is near enough; `mark` parts it from the sentence before. */
export function didYouMean(word: string, candidates: Iterable<string>, mark: ':' | ';' = ':'): string {
  const meant = nearest(word, [...candidates])
  return meant === null ? '' : `${mark} did you mean "${meant}"?`
}

/** Of a name that means nothing, with the one that was probably meant. */
export const thereIsNo = (what: string, name: string, known: readonly string[]): string =>
  `there is no ${what} "${name}"${didYouMean(name, known)}`

/** Insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, substitution)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY
