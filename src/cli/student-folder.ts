import path from 'node:path'
import { usageError } from '../errors.ts'
import type { StudentFolder } from '../run/fill-tools.ts'
import { asTyped } from './labs.ts'
import type { Services } from './services.ts'

/** The student's own folder of a lab. Nothing is created until a file is. @param folder absolute. */
export function studentFolder(
  folder: string,
  { files, studentFiles }: Pick<Services, 'files' | 'studentFiles'>,
): StudentFolder {
  const at = (file: string): string => path.join(folder, file)
  return {
    path: folder,
    shown: asTyped(folder),
    read: (file) => translated(folder, () => files.read(at(file))),
    create: (file, text) => translated(folder, () => studentFiles.create(at(file), text)),
    replace: (file, text) => translated(folder, () => studentFiles.replace(at(file), text)),
    watch: (changed, signal) => studentFiles.watch(folder, changed, signal),
  }
}

/** @throws LabError 'folder-unusable' (usage). */
async function translated<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw usageError(
      'folder-unusable',
      `${folder} cannot be used for your files: ${error.message}`,
      'sts-lab start with --folder DIR puts them elsewhere',
    )
  }
}
