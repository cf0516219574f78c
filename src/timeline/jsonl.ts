import { usageError } from '../errors.ts'
import type { Observation } from './observation.ts'
import { printable } from './printable.ts'
import { firstProblem, headerSchema, schemaFor } from './recording-schema.ts'

/** The first line of a saved recording: what it is about and where it comes from. */
export interface RecordingHeader {
  readonly kind: 'sts-lab-recording'
  readonly version: 1
  readonly target: { readonly namespace: string; readonly name: string; readonly uid: string | null }
  /** A `ClusterIdentity` (result.ts); null when no cluster was reached. */
  readonly cluster: {
    readonly context: string
    readonly server: string
    readonly version: string
    readonly provider: string
    readonly simulated: boolean
  } | null
  readonly tool: { readonly name: 'sts-lab'; readonly version: string }
  readonly lab: string
  readonly startedAt: string
}

export interface SavedRecording {
  readonly header: RecordingHeader
  readonly observations: readonly Observation[]
}

/** A recording as JSON lines, a line break at the end: the header, then one observation a line. */
export function writeRecording({ header, observations }: SavedRecording): string {
  return [header, ...observations].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/**
 * Reads what `writeRecording` wrote, exactly. Strict, because verdicts will rest on it: unknown or missing
 * fields, a lost line (positions not 1, 2, 3 …) and a cut-off last line are refused.
 *
 * @param name how messages call the file.
 * @throws LabError 'usage', code 'bad-recording', with the line number.
 */
export function readRecording(text: string, name: string): SavedRecording {
  const lines = text.split('\n')
  // A finished file ends in a line break, so the last piece is empty.
  const whole = lines.pop() === ''
  const [first, ...rest] = whole ? lines : [...lines, text.slice(text.lastIndexOf('\n') + 1)]
  if (first === undefined || first === '') throw badRecording(name, 1, 'the file is empty')

  const header = headerSchema.safeParse(jsonOf(first, name, 1, whole || rest.length > 0))
  if (!header.success)
    throw badRecording(name, 1, `not the header of a recording: ${firstProblem(header.error)}`)

  const observations = rest.map((line, index) => {
    const number = index + 2
    const value = jsonOf(line, name, number, whole || index < rest.length - 1)
    const parsed = schemaFor(value).safeParse(value)
    if (!parsed.success) throw badRecording(name, number, firstProblem(parsed.error))
    if (parsed.data.seq !== index + 1)
      throw badRecording(
        name,
        number,
        `seq is ${parsed.data.seq}, expected ${index + 1}: lines are missing or out of order`,
      )
    // The value just validated, not the parser's copy, so that writing it again gives the same bytes.
    return value as Observation
  })
  return { header: header.data, observations }
}

function jsonOf(line: string, name: string, number: number, ended: boolean): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    if (!ended) throw badRecording(name, number, 'the line is cut off: the recording was not finished')
    throw badRecording(name, number, `not JSON (${cause instanceof Error ? cause.message : String(cause)})`)
  }
}

function badRecording(name: string, line: number, what: string) {
  return usageError(
    'bad-recording',
    `${printable(name)}, line ${line}: ${printable(what, 300)}`,
    'a recording is the file that `sts-lab verify --evidence FILE` writes',
  )
}
