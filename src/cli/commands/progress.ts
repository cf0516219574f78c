import path from 'node:path'
import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { readArchive } from '../../run/progress-archive.ts'
import { archiveOf, importArchive } from '../progress-transfer.ts'
import type { Services } from '../services.ts'

/** `sts-lab progress export FILE|-`: everything that is kept, as one file. */
export async function exportProgress(file: string, services: Services): Promise<ExitCode> {
  const { terminal, files } = services
  const archive = await archiveOf(services, services.version)
  const text = `${JSON.stringify(archive, null, 2)}\n`
  if (file === '-') {
    terminal.out(text)
    return EXIT.passed
  }
  const there = await readOrRefuse(file, services)
  // Somebody's notes under a mistyped name are not to be lost; an older export may be replaced.
  if (there !== null && !isArchive(there, file))
    throw usageError('file-exists', `${file} is there and is no export`, 'name another file')
  await files.write(file, text).catch((error: unknown) => refuse('cannot be written', file, error))
  terminal.out(`${file}: ${summary(Object.keys(archive.labs).length, archive.study !== null)}\n`)
  return EXIT.passed
}

/** `sts-lab progress import FILE`: merges by newest, and says what it took and what it kept. */
export async function importProgress(file: string, services: Services): Promise<ExitCode> {
  const { terminal, files, clock, dataDir } = services
  const text = await readOrRefuse(file, services)
  if (text === null)
    throw usageError('no-such-file', `there is no file ${file}`, 'sts-lab progress export FILE writes one')
  const archive = readArchive(text, file)
  const before = await archiveOf(services, services.version)
  const had = Object.keys(before.labs).length > 0 || before.study !== null
  const backup = path.join(dataDir, `before-import-${clock.now().toISOString().replace(/[:.]/g, '-')}.json`)
  if (had) await files.write(backup, `${JSON.stringify(before, null, 2)}\n`)
  const results = await importArchive(archive, services)
  for (const { what, took, kept } of results)
    terminal.out(
      `${what}: ${took === 0 ? 'nothing new' : `took ${took}`}${kept === 0 ? '' : `, kept ${kept} of ours that ${kept === 1 ? 'is' : 'are'} newer`}\n`,
    )
  if (results.length === 0) terminal.out(`${file} is empty: nothing was done where it was exported\n`)
  if (had) terminal.out(`What was here before is in ${backup}\n`)
  return EXIT.passed
}

const summary = (labs: number, study: boolean): string =>
  `${labs} ${labs === 1 ? 'lab' : 'labs'}${study ? ', quiz and plan' : ''}`

function isArchive(text: string, file: string): boolean {
  try {
    readArchive(text, file)
    return true
  } catch {
    return false
  }
}

const readOrRefuse = (file: string, { files }: Services): Promise<string | null> =>
  files.read(file).catch((error: unknown) => refuse('cannot be read', file, error))

function refuse(what: string, file: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
  throw usageError('bad-file', `${file} ${what}${code}`, 'name another file')
}
