import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { usageError } from '../errors.ts'
import { nearest } from '../lab/nearest.ts'
import type { Services } from './services.ts'

/** The ids of the labs there are, in order. */
async function labIds(services: Pick<Services, 'labsDir'>): Promise<string[]> {
  const names = await readdir(services.labsDir)
  return names
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort()
}

/**
 * The namespace a lab works in; `override` is --namespace. Reads that one key, not the whole lab: `verify` and
 * `watch` need nothing else of it.
 *
 * @throws LabError 'unknown-lab' (usage).
 */
export async function namespaceOf(
  lab: string | undefined,
  services: Pick<Services, 'labsDir' | 'files'>,
  override?: string,
): Promise<string> {
  const ids = await labIds(services)
  const id = lab ?? ids[0] ?? ''
  if (!ids.includes(id)) {
    const meant = nearest(id, ids)
    throw usageError(
      'unknown-lab',
      `there is no lab "${id}"`,
      meant === null ? `sts-lab list   (labs: ${ids.join(', ')})` : `did you mean ${meant}?`,
    )
  }
  if (override !== undefined) return override
  const text = await services.files.read(path.join(services.labsDir, `${id}.yaml`))
  const namespace = /^namespace:[ \t]*["']?([a-z0-9-]+)/m.exec(text ?? '')?.[1]
  if (namespace === undefined) throw usageError('bad-lab', `lab ${id} names no namespace`)
  return namespace
}
