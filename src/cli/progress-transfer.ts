import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { LabProgress } from '../run/progress.ts'
import { PROGRESS_NAME, type ProgressArchive } from '../run/progress-archive.ts'
import { mergeProgress, mergeStudies } from '../run/progress-merge.ts'
import { withLock } from './file-lock.ts'
import {
  asideFile,
  type Home,
  progressFiles,
  progressFolder,
  readProgress,
  writeProgress,
} from './progress-file.ts'
import { readStudyRecord, studyStore } from './study-file.ts'

/** Everything that is kept. */
export async function archiveOf(home: Home, version: string): Promise<ProgressArchive> {
  const labs: Record<string, LabProgress> = {}
  for (const name of await progressFiles(home)) {
    const progress = await readProgress(home, path.join(progressFolder(home), name))
    if (progress !== null) labs[name] = progress
  }
  return {
    kind: 'sts-lab-progress',
    schemaVersion: 1,
    exportedAt: home.clock.now().toISOString(),
    version,
    labs,
    study: await readStudyRecord(home),
  }
}

/** What an import did with one lab, or with the studies. */
export interface Imported {
  readonly what: string
  readonly took: number
  readonly kept: number
}

/**
 * Merges an archive into what is kept, entry by entry, the newer each time. Progress of an older version of a lab
 * goes beside ours, ours goes beside a newer one.
 */
export async function importArchive(archive: ProgressArchive, home: Home): Promise<readonly Imported[]> {
  const results: Imported[] = []
  for (const [name, progress] of Object.entries(archive.labs)) {
    const theirs = { ...progress, folder: await usableFolder(progress.folder) }
    results.push(await importLab(name, theirs, home))
  }
  const { study } = archive
  if (study !== null) {
    let counts = { took: 0, kept: 0 }
    const before = await readStudyRecord(home)
    await studyStore(home).change((now) => {
      const merged = mergeStudies(before === null ? null : now, study)
      counts = merged
      return merged.value
    })
    results.push({ what: 'quiz and plan', took: counts.took, kept: counts.kept })
  }
  return results
}

async function importLab(name: string, theirs: LabProgress, home: Home): Promise<Imported> {
  // A file set aside elsewhere belongs beside ours, or is ours, by its version; its name says nothing more.
  const { lab = theirs.lab, namespace } = PROGRESS_NAME.exec(name)?.groups ?? {}
  const place = namespace === undefined ? lab : `${lab}@${namespace}`
  const file = path.join(progressFolder(home), `${place}.json`)
  const setAside = PROGRESS_NAME.exec(name)?.groups?.version !== undefined
  return withLock(home, `${file}.lock`, async () => {
    const ours = await readProgress(home, file)
    const older = ours === null ? setAside : theirs.labVersion < ours.labVersion
    const target =
      older || (ours !== null && setAside && theirs.labVersion !== ours.labVersion)
        ? asideFile(file, theirs.labVersion)
        : file
    if (target === file && ours !== null && ours.labVersion !== theirs.labVersion)
      await writeProgress(home, asideFile(file, ours.labVersion), ours)
    const there = await readProgress(home, target)
    const merged = mergeProgress(there?.labVersion === theirs.labVersion ? there : null, theirs)
    await writeProgress(home, target, merged.value)
    const what = target === file ? place : `${place}, version ${theirs.labVersion}`
    return { what, took: merged.took, kept: merged.kept }
  })
}

/** Another machine's folder means nothing here. */
const usableFolder = async (folder: string | null): Promise<string | null> =>
  folder !== null &&
  (await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false))
    ? folder
    : null
