import type { FileReading, Observation, Reading } from '../timeline/observation.ts'

/** A reading of one kind, with its place in the recording. */
export type Placed<R extends Reading['read']> = Extract<Reading, { read: R }> & { readonly seq: number }

/** All readings of a kind after `after` and up to `upTo`, in order. */
export function readings<R extends Reading['read']>(
  observations: readonly Observation[],
  kind: R,
  after = 0,
  upTo = Number.POSITIVE_INFINITY,
): Placed<R>[] {
  return observations.flatMap((each) => {
    if (each.type !== 'reading' || each.seq <= after || each.seq > upTo || each.reading.read !== kind)
      return []
    // The kind was compared just above; TypeScript cannot narrow a union by a generic.
    return [{ ...(each.reading as Extract<Reading, { read: R }>), seq: each.seq }]
  })
}

/**
 * The name as a whole word: `web-1` is in `www-web-1` and `web-1.web-svc`, not in `web-10`, `web-1-2` or `myweb-1`
 * (a letter or digit right before or after makes it another name).
 */
export function names(text: string, pod: string): boolean {
  const escaped = pod.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9]|-\\d)`).test(text)
}

/** The lines of a file, trimmed, without empty ones. */
export const linesOf = (file: FileReading): string[] =>
  file.text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Lines that name this pod and none of the others. */
export function ownLines(file: FileReading, pod: string, others: readonly string[]): string[] {
  return linesOf(file).filter((line) => names(line, pod) && !others.some((other) => names(line, other)))
}

/**
 * The files by which a volume is this pod's: those with a line that names it alone and that stands on none
 * of the other pods' volumes. This is what criterion 4 asks for and 6 and 10 expect to find again.
 */
export function identityFiles(
  files: readonly FileReading[],
  pod: string,
  others: readonly { readonly pod: string; readonly files: readonly FileReading[] }[],
): FileReading[] {
  const foreign = new Set(others.flatMap((other) => other.files.flatMap(linesOf)))
  const otherNames = others.map((other) => other.pod)
  return files.filter((file) => ownLines(file, pod, otherNames).some((line) => !foreign.has(line)))
}

/** How much of each file is searched for the pod's name, and how much is shown of one that does not have it. */
export const SEARCHED_BYTES = 1024 * 1024
export const GLIMPSE_BYTES = 160

/**
 * Whether what is missing from `text` could name the pod: a glimpse of a file that was
 * searched to its end could not. (A byte that is no text takes up to three when decoded.)
 */
export const isSearchedWhole = (file: FileReading): boolean =>
  !file.truncated ||
  (file.sizeBytes <= SEARCHED_BYTES && new TextEncoder().encode(file.text).length <= 3 * GLIMPSE_BYTES)

/** `index.html says "hello"`, for sentences; nothing of it is escaped yet. */
export function quote(file: FileReading): string {
  const [first] = linesOf(file)
  if (first === undefined) return `${file.path} is empty`
  return `${file.path} says "${first.length > 60 ? `${first.slice(0, 59)}…` : first}"`
}
