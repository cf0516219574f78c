import type { Blank } from '../blank.ts'
import type { LabText, Path } from '../lab-text.ts'
import type { LabProblem } from '../problem.ts'
import { pathOf } from './place.ts'

/** What makes an object the one that the lab looks for. */
const IDENTITY: Readonly<Record<string, string>> = {
  apiVersion: 'apiVersion',
  kind: 'kind',
  'metadata.name': 'name',
  'metadata.namespace': 'namespace',
}

/** What differs from the file as it was handed out, besides the blanks. */
export function changesOutside(
  original: unknown,
  data: unknown,
  {
    blanks,
    namespaces,
    source,
  }: {
    readonly blanks: readonly Blank[]
    readonly namespaces: readonly string[]
    readonly source: LabText
  },
): { readonly problems: readonly LabProblem[]; readonly notes: readonly LabProblem[] } {
  const problems: LabProblem[] = []
  const notes: LabProblem[] = []
  const places = blanks.map(({ at }) => at)
  for (const { path, change, before, after } of differences(original, data, [])) {
    const at = path.join('.')
    if (isOnlyBlanks(before, pathOf(at), places)) continue
    const was = typeof before === 'object' ? '' : ` (was: ${before})`
    if (at === 'metadata.namespace' && namespaces.some((each) => each === after)) continue
    if (at in IDENTITY || (change === 'gone' && at === 'metadata'))
      problems.push(source.problemAt(path, identityText(IDENTITY[at] ?? at, before)))
    else if (change === 'gone') notes.push(source.problemAt(path, `"${at}" is gone${was}`))
    else if (change === 'added') notes.push(source.problemAt(path, `"${at}" was not there before`))
    else notes.push(source.problemAt(path, `"${at}" was changed${oneLine(was)}`))
  }
  return { problems, notes }
}

function identityText(what: string, before: unknown): string {
  const was = typeof before === 'object' ? '' : ` (was: ${before})`
  return what === 'namespace'
    ? `the namespace has to be ${before}, where you do this lab`
    : `${what} has to stay as it was${was}: the lab knows the object by it`
}

const oneLine = (text: string): string => (text.includes('\n') || text.length > 60 ? '' : text)

interface Difference {
  readonly path: Path
  readonly change: 'gone' | 'added' | 'changed'
  readonly before: unknown
  readonly after: unknown
}

/** The outermost places at which two values differ. */
function differences(before: unknown, after: unknown, path: Path): Difference[] {
  if (Object.is(before, after)) return []
  if (after === undefined) return [{ path, change: 'gone', before, after }]
  if (before === undefined) return [{ path, change: 'added', before, after }]
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) =>
      differences(before[key], after[key], [...path, Array.isArray(before) ? Number(key) : key]),
    )
  }
  return [{ path, change: 'changed', before, after }]
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Everything below is a blank, or it is one itself: judged there, not told here. */
function isOnlyBlanks(before: unknown, path: Path, places: readonly string[]): boolean {
  if (places.includes(path.join('.'))) return true
  if (!isBranch(before)) return false
  const entries = Object.entries(before)
  return entries.length > 0 && entries.every(([key, value]) => isOnlyBlanks(value, [...path, key], places))
}
