import { z } from 'zod'
import { usageError } from '../errors.ts'
import { studyRecordSchema } from '../study/record-schema.ts'
import type { StudyRecord } from '../study/scores.ts'
import type { LabProgress } from './progress.ts'
import { progressSchema } from './progress-schema.ts'

/** Everything that is kept of somebody's work, as one file to carry elsewhere. */
export interface ProgressArchive {
  readonly kind: 'sts-lab-progress'
  readonly schemaVersion: 1
  readonly exportedAt: string
  /** Version of the sts-lab that wrote it. */
  readonly version: string
  /** By the name of the file in the progress folder. */
  readonly labs: Readonly<Record<string, LabProgress>>
  readonly study: StudyRecord | null
}

/** <lab>[@<namespace>][.v<version>].json */
export const PROGRESS_NAME =
  /^(?<lab>[a-z0-9]+(?:-[a-z0-9]+)*)(?:@(?<namespace>[a-z0-9-]+))?(?:\.v(?<version>\d+))?\.json$/

const KIND = 'sts-lab-progress'

const archiveSchema: z.ZodType<ProgressArchive> = z.looseObject({
  kind: z.literal(KIND),
  schemaVersion: z.literal(1),
  exportedAt: z.iso.datetime(),
  version: z.string(),
  labs: z.record(z.string(), progressSchema),
  study: studyRecordSchema.nullable(),
})

/**
 * Reads an archive.
 * @throws LabError 'bad-archive' (usage) that says why this is none.
 */
export function readArchive(text: string, file: string): ProgressArchive {
  const refuse = (why: string): Error =>
    usageError('bad-archive', `${file} ${why}`, 'sts-lab progress export FILE writes one')
  const content = parseJson(text)
  if (content === undefined) throw refuse('is not JSON')
  const head = z.looseObject({ kind: z.literal(KIND), schemaVersion: z.number() }).safeParse(content)
  if (!head.success) throw refuse('was not written by "sts-lab progress export"')
  if (head.data.schemaVersion > 1) throw refuse('was written by a later version of sts-lab')
  const parsed = archiveSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refuse(`is damaged at ${issue?.path.join('.') ?? 'its beginning'}: ${issue?.message ?? ''}`)
  }
  for (const [name, { lab, labVersion }] of Object.entries(parsed.data.labs)) {
    const named = PROGRESS_NAME.exec(name)?.groups
    const agrees = named?.lab === lab && (named.version === undefined || Number(named.version) === labVersion)
    if (!agrees) throw refuse(`is damaged: "${name}" does not hold what its name says`)
  }
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
