import { nearest } from '../lab/nearest.ts'

/** `; did you mean "x"?` or '' */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, [...candidates])
  return meant === null ? '' : `; did you mean "${meant}"?`
}
