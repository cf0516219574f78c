import { usageError } from '../errors.ts'
import { findHead } from '../lab/catalogue.ts'
import { readHeads } from './labs.ts'
import type { Services } from './services.ts'

/** The lab whose exam `verify` is where none is named: the first without guidance; null: the course has none. */
export async function examOf(services: Pick<Services, 'labsDir' | 'files'>): Promise<string | null> {
  return (await readHeads(services)).find(({ guidance }) => guidance === 'none')?.id ?? null
}

/**
 * The namespace a lab works in; `override` is --namespace. Reads the lab's beginning only: `verify` and `watch`
 * need nothing else of it.
 *
 * @throws LabError 'unknown-lab' (usage).
 */
export async function namespaceOf(
  lab: string | undefined,
  services: Pick<Services, 'labsDir' | 'files'>,
  override?: string,
): Promise<string> {
  const { id, namespace } = findHead(await readHeads(services), lab, (meant) => `did you mean ${meant}?`)
  if (override !== undefined) return override
  if (namespace === '') throw usageError('bad-lab', `lab ${id} names no namespace`)
  return namespace
}
