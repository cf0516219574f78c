import { createHash } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import type { Services } from './services.ts'

type Course = Pick<Services, 'labsDir' | 'manifestsDir' | 'dataDir'>

/**
 * Somebody else's course: a folder of labs, with their manifests in `manifests/` inside it or beside it. Its progress is
 * kept apart, under a name that holds a hash of the folder's real path, so that labs of the same name do not mix.
 *
 * @throws LabError 'no-course' (usage).
 */
export async function courseAt(folder: string, own: Course): Promise<Course> {
  const labsDir = path.resolve(folder)
  const real = await realpath(labsDir).catch(() => null)
  const names = real === null ? [] : await readdir(real).catch(() => [])
  if (real === null || !names.some((name) => name.endsWith('.yaml')))
    throw usageError(
      'no-course',
      real === null ? `there is no folder ${folder}` : `there is no lab (*.yaml) in ${folder}`,
      'labs/README.md tells how to write one',
    )
  if (real === (await realpath(own.labsDir).catch(() => own.labsDir))) return own
  const inside = path.join(labsDir, 'manifests')
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 8)
  return {
    labsDir,
    manifestsDir: (await isFolder(inside)) ? inside : path.join(path.dirname(labsDir), 'manifests'),
    dataDir: path.join(own.dataDir, 'courses', `${path.basename(real)}-${hash}`),
  }
}

const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  )
