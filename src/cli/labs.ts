import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { criteria } from '../criteria/index.ts'
import { stepChecks } from '../criteria/step-checks/index.ts'
import { type Catalogue, readCatalogue } from '../lab/catalogue.ts'
import type { Services } from './services.ts'

/** All labs of the package, parsed. */
export async function readLabs(
  services: Pick<Services, 'labsDir' | 'manifestsDir' | 'files'>,
): Promise<Catalogue> {
  const { labsDir, manifestsDir, files } = services
  const names = (await readdir(labsDir)).filter((name) => name.endsWith('.yaml'))
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: (await files.read(path.join(labsDir, name))) ?? '' })),
  )
  const manifests = new Map<string, readonly string[]>()
  for (const entry of await readdir(manifestsDir, { withFileTypes: true }))
    if (entry.isDirectory()) {
      const found = await readdir(path.join(manifestsDir, entry.name), { recursive: true })
      manifests.set(
        entry.name,
        found.map((file) => file.replaceAll(path.sep, '/')),
      )
    }
  return readCatalogue(texts, {
    criteria: criteria.map(({ id }) => id),
    checks: stepChecks.map(({ id }) => id),
    manifests: (lab) => manifests.get(lab) ?? [],
  })
}
