import path from 'node:path'
import { usageError } from '../errors.ts'
import type { StudyStore } from '../run/quiz.ts'
import { studyRecordSchema } from '../study/record-schema.ts'
import { emptyRecord, type StudyRecord } from '../study/scores.ts'
import { withLock } from './file-lock.ts'
import type { Home } from './progress-file.ts'

const studyFile = ({ dataDir }: Pick<Home, 'dataDir'>): string => path.join(dataDir, 'study.json')

/** Scores of the quiz and ticks of the plan. @throws LabError 'bad-progress' (usage) for a file that is not ours. */
export function studyStore(home: Home): StudyStore {
  const file = studyFile(home)
  return {
    read: async () => (await readStudyRecord(home)) ?? emptyRecord(home.clock.now()),
    change: (how) =>
      withLock(home, `${file}.lock`, async () => {
        const next = how((await readStudyRecord(home)) ?? emptyRecord(home.clock.now()))
        await home.files.write(file, `${JSON.stringify(next, null, 2)}\n`)
        return next
      }),
  }
}

/** null: nothing was studied yet. */
export async function readStudyRecord(home: Pick<Home, 'dataDir' | 'files'>): Promise<StudyRecord | null> {
  const file = studyFile(home)
  const text = await home.files.read(file)
  if (text === null) return null
  const parsed = studyRecordSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw usageError(
    'bad-progress',
    `${file} is not a record of studies of this version`,
    `move it away: mv '${file}' '${file}.old'`,
  )
}

/** undefined: not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
