import { usageError } from '../errors.ts'
import type { Lab } from './lab.ts'
import { nearest } from './nearest.ts'
import { parseLab } from './parse-lab.ts'
import { formatProblem, type LabProblem } from './problem.ts'
import type { LabSurroundings } from './rules.ts'

/** A lab file as it was read: `name` without the folder, such as section1.yaml. */
export interface LabFile {
  readonly name: string
  readonly text: string
}

/** The labs of one folder, in the order of their file names. */
export interface Catalogue {
  readonly labs: readonly Lab[]
  readonly problems: readonly LabProblem[]
}

/** Reads a folder of labs. A lab with a problem is left out, and its problems are kept. */
export function readCatalogue(files: readonly LabFile[], surroundings: LabSurroundings): Catalogue {
  const labs: Lab[] = []
  const problems: LabProblem[] = []
  for (const { name, text } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const parsed = parseLab(text, name, surroundings)
    problems.push(...parsed.problems)
    if (parsed.lab === null) continue
    const { lab } = parsed
    if (`${lab.id}.yaml` === name) labs.push(lab)
    else
      problems.push({
        file: name,
        line: 1,
        column: 1,
        message: `the lab "${lab.id}" belongs in ${lab.id}.yaml: file and id have to agree`,
        text: text.split('\n')[0] ?? '',
      })
  }
  return { labs, problems }
}

/**
 * The lab with this id, or the first where none is named.
 * @throws LabError 'unknown-lab' or 'bad-lab' (usage).
 */
export function findLab(catalogue: Catalogue, id: string | undefined): Lab {
  const found = id === undefined ? catalogue.labs[0] : catalogue.labs.find((lab) => lab.id === id)
  if (found !== undefined) return found
  const broken = catalogue.problems.filter(({ file }) => id === undefined || file === `${id}.yaml`)
  if (broken.length > 0)
    throw usageError('bad-lab', `the lab cannot be read:\n${broken.map(formatProblem).join('\n')}`)
  const known = catalogue.labs.map((lab) => lab.id)
  const meant = id === undefined ? null : nearest(id, known)
  throw usageError(
    'unknown-lab',
    `there is no lab "${id ?? ''}"`,
    meant === null ? `sts-lab list   (labs: ${known.join(', ')})` : `sts-lab start ${meant}`,
  )
}
