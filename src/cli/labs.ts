import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { criteria } from '../criteria/index.ts'
import { stepChecks } from '../criteria/step-checks/index.ts'
import { badLab, type Catalogue, findHead, type LabFile, readCatalogue } from '../lab/catalogue.ts'
import { inOrder, type LabHead, readHead } from '../lab/head.ts'
import type { Lab } from '../lab/lab.ts'
import { parseLab } from '../lab/parse-lab.ts'
import type { LabSurroundings } from '../lab/rules.ts'
import type { Services } from './services.ts'

type Course = Pick<Services, 'labsDir' | 'manifestsDir' | 'files'>

/** All labs of the course, parsed strictly, in order. */
export async function readLabs(services: Course): Promise<Catalogue> {
  return readCatalogue(await labFiles(services), await surroundingsOf(services))
}

/** The labs of the course as a list shows them: quick, and unchecked. */
export async function readHeads(services: Pick<Course, 'labsDir' | 'files'>): Promise<readonly LabHead[]> {
  return (await labFiles(services)).map(readHead).sort(inOrder)
}

/**
 * The lab with this id or alias, or the first: the others are looked at for their names only, so that a mistake in
 * one of them is nobody's trouble here.
 *
 * @throws LabError 'unknown-lab', 'bad-lab' (usage).
 */
export async function readLab(services: Course, id: string | undefined): Promise<Lab> {
  const files = await labFiles(services)
  const head = findHead(files.map(readHead).sort(inOrder), id)
  const file = files.find(({ name }) => name === `${head.id}.yaml`)
  if (file === undefined) throw new Error(`lab ${head.id} was read and has no file`)
  const { lab, problems } = parseLab(file.text, file.shown ?? file.name, await surroundingsOf(services))
  if (lab === null) throw badLab(problems)
  return lab
}

/** The files of the course's labs, in no order. */
export async function labFiles({ labsDir, files }: Pick<Course, 'labsDir' | 'files'>): Promise<LabFile[]> {
  const names = (await readdir(labsDir)).filter((name) => name.endsWith('.yaml'))
  return Promise.all(
    names.map(async (name) => {
      const file = path.join(labsDir, name)
      return { name, shown: asTyped(file), text: (await files.read(file)) ?? '' }
    }),
  )
}

/** What the labs of the course may refer to. */
export async function surroundingsOf({
  manifestsDir,
}: Pick<Course, 'manifestsDir'>): Promise<LabSurroundings> {
  const entries = await readdir(manifestsDir, { recursive: true, withFileTypes: true }).catch(() => [])
  const manifests = new Map<string, string[]>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const [lab = '', ...rest] = path
      .relative(manifestsDir, path.join(entry.parentPath, entry.name))
      .split(path.sep)
    manifests.set(lab, [...(manifests.get(lab) ?? []), rest.join('/')])
  }
  return {
    criteria: criteria.map(({ id }) => id),
    checks: stepChecks.map(({ id }) => id),
    manifests: (lab) => manifests.get(lab) ?? [],
  }
}

/** A path as one would type it from here. */
export function asTyped(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.length < file.length && !relative.startsWith('..') ? relative : file
}
