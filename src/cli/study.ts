import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import { nearest } from '../lab/nearest.ts'
import { formatProblem, type LabProblem } from '../lab/problem.ts'
import { parseStudy, type StudyFile } from '../study/parse-study.ts'
import type { Study } from '../study/study.ts'
import { asTyped, readHeads } from './labs.ts'
import type { Services } from './services.ts'

type Course = Pick<Services, 'labsDir' | 'files'>

/**
 * The study material of the course, labs/study/. A file that cannot be read is told and left out.
 *
 * @param part only what is there to read: quicker.
 * @throws LabError 'no-study' (usage) where the course has none.
 */
export async function readStudy(
  services: Course & Pick<Services, 'terminal'>,
  part: 'all' | 'topics' = 'all',
): Promise<Study> {
  const { study, problems } = parseStudy(await studyFiles(services, part))
  for (const problem of problems) services.terminal.err(`${formatProblem(problem)}\n`)
  if (study.quiz.length + study.topics.length + study.plan.length === 0)
    throw usageError('no-study', `this course has no study material`, 'sts-lab list shows its labs')
  return study
}

/** Everything that is wrong with the study material; null: the course has none. */
export async function studyProblems(services: Course): Promise<readonly LabProblem[] | null> {
  const files = await studyFiles(services, 'all')
  if (files.length === 0) return null
  const labs = new Map((await readHeads(services)).map(({ id, steps }) => [id, steps]))
  const folder = asTyped(path.join(services.labsDir, 'study'))
  return parseStudy(files, labs).problems.map((problem) => ({
    ...problem,
    file: path.join(folder, problem.file),
  }))
}

async function studyFiles({ labsDir, files }: Course, part: 'all' | 'topics'): Promise<StudyFile[]> {
  const folder = path.join(labsDir, 'study')
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[])
  return Promise.all(
    names
      .map((name) => name.split(path.sep).join('/'))
      .filter((name) => name.endsWith('.yaml') && (part === 'all' || name.startsWith('topics/')))
      .map(async (name) => ({ name, text: (await files.read(path.join(folder, name))) ?? '' })),
  )
}

/** What to say when somebody asks for a topic that is not there. */
export function unknownTopic(
  what: string,
  word: string,
  ids: readonly string[],
  aliases: readonly string[],
  command: (id: string) => string,
): Error {
  const meant = nearest(word, [...ids, ...aliases])
  return usageError(
    'unknown-topic',
    meant === null
      ? `there is no ${what} "${word}"${ids.length === 0 ? '' : ` (there are: ${ids.join(', ')})`}`
      : `there is no ${what} "${word}": did you mean "${meant}"?`,
    command(meant ?? word),
  )
}
