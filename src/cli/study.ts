import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import { nearest } from '../lab/nearest.ts'
import { formatProblem } from '../lab/problem.ts'
import { type ParsedStudy, parseStudy } from '../study/parse-study.ts'
import type { Study } from '../study/study.ts'
import type { Services } from './services.ts'

type Course = Pick<Services, 'labsDir' | 'files' | 'terminal'>

/**
 * The study material of the course, labs/study/. A file that cannot be read is told and left out.
 * @throws LabError 'no-study' (usage) where the course has none.
 */
export async function readStudy(services: Course): Promise<Study> {
  const { study, problems } = await parseStudyFiles(services)
  for (const problem of problems) services.terminal.err(`${formatProblem(problem)}\n`)
  if (study.quiz.length + study.topics.length + study.plan.length === 0)
    throw usageError('no-study', `this course has no study material`, 'sts-lab list shows its labs')
  return study
}

async function parseStudyFiles({ labsDir, files }: Pick<Course, 'labsDir' | 'files'>): Promise<ParsedStudy> {
  const folder = path.join(labsDir, 'study')
  const names = await readdir(folder, { recursive: true }).catch(() => [] as string[])
  const texts = names
    .filter((name) => name.endsWith('.yaml'))
    .map(async (name) => ({
      name: name.split(path.sep).join('/'),
      text: (await files.read(path.join(folder, name))) ?? '',
    }))
  return parseStudy(await Promise.all(texts))
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
