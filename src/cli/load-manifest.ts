import path from 'node:path'
import { usageError } from '../errors.ts'
import type { ManifestDocument } from '../ports.ts'
import type { Services } from './services.ts'

/** A manifest file as documents. @throws LabError 'no-manifest' (usage), or what parsing throws. */
export async function loadManifest(
  file: string,
  services: Pick<Services, 'files' | 'parseManifest'>,
): Promise<readonly ManifestDocument[]> {
  return services.parseManifest(await readManifest(file, services), path.basename(file))
}

/** The text of a manifest file. @throws LabError 'no-manifest' (usage). */
export async function readManifest(file: string, services: Pick<Services, 'files'>): Promise<string> {
  const text = await services.files.read(file)
  if (text === null) throw usageError('no-manifest', `there is no file ${file}`)
  return text
}
