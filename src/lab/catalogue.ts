import { usageError } from '../errors.ts'
import { inOrder, type LabHead, readHead } from './head.ts'
import type { Lab } from './lab.ts'
import { LabText } from './lab-text.ts'
import { nearest } from './nearest.ts'
import { parseLab } from './parse-lab.ts'
import { formatProblem, type LabProblem } from './problem.ts'
import type { LabSurroundings } from './rules.ts'
import type { BrokenRule } from './strict-yaml.ts'

/** A lab file as it was read. */
export interface LabFile {
  /** Without the folder, such as section1.yaml. */
  readonly name: string
  /** As one would type it; absent: its name. */
  readonly shown?: string
  readonly text: string
}

/** The labs of one folder, in the order of the course. */
export interface Catalogue {
  readonly labs: readonly Lab[]
  readonly problems: readonly LabProblem[]
}

/** Reads a folder of labs strictly. A lab with a problem is left out, and its problems are kept. */
export function readCatalogue(files: readonly LabFile[], surroundings: LabSurroundings): Catalogue {
  const labs: Lab[] = []
  const problems: LabProblem[] = []
  for (const file of [...files].sort((a, b) => inOrder(readHead(a), readHead(b)))) {
    const read = readStrictly(file, surroundings, labs)
    problems.push(...read.problems)
    if (read.lab !== null) labs.push(read.lab)
  }
  return { labs: labs.sort(inOrder), problems }
}

function readStrictly(
  file: LabFile,
  surroundings: LabSurroundings,
  others: readonly Lab[],
): { readonly lab: Lab | null; readonly problems: readonly LabProblem[] } {
  const shown = file.shown ?? file.name
  const parsed = parseLab(file.text, shown, surroundings)
  if (parsed.lab === null) return parsed
  const { lab } = parsed
  const broken: BrokenRule[] = []
  if (`${lab.id}.yaml` !== file.name)
    broken.push({
      path: ['id'],
      message: `the lab "${lab.id}" belongs in ${lab.id}.yaml: file and id have to agree`,
    })
  for (const [index, alias] of lab.aliases.entries()) {
    const path = ['aliases', index]
    const other = others.find(({ id, aliases }) => id === alias || aliases.includes(alias))
    if (other !== undefined) broken.push({ path, message: `"${alias}" is a name of ${other.id} already` })
    if (alias === lab.id) broken.push({ path, message: 'this is the id of the lab itself' })
  }
  const taken = others.find(({ aliases }) => aliases.includes(lab.id))
  if (taken !== undefined)
    broken.push({ path: ['id'], message: `"${lab.id}" is another name of ${taken.id} already` })
  if (broken.length === 0) return { lab, problems: [] }
  const source = new LabText(shown, file.text)
  return { lab: null, problems: broken.map(({ path, message }) => source.problemAt(path, message)) }
}
/**
 * The lab with this id or alias, or the first where none is named.
 * @throws LabError 'unknown-lab' or 'bad-lab' (usage).
 */
export function findLab(catalogue: Catalogue, id: string | undefined): Lab {
  const found =
    id === undefined
      ? catalogue.labs[0]
      : catalogue.labs.find((lab) => lab.id === id || lab.aliases.includes(id))
  if (found !== undefined) return found
  const broken = catalogue.problems.filter(
    ({ file }) => id === undefined || file.split('/').at(-1) === `${id}.yaml`,
  )
  if (broken.length > 0) throw badLab(broken)
  throw unknownLab(id ?? '', catalogue.labs, startIt)
}

/**
 * The same, without more than a glance at the others.
 * @param suggest the hint for whoever mistyped a lab's name.
 * @throws LabError 'unknown-lab' (usage).
 */
export function findHead(heads: readonly LabHead[], id: string | undefined, suggest = startIt): LabHead {
  const found =
    id === undefined ? heads[0] : heads.find((head) => head.id === id || head.aliases.includes(id))
  if (found === undefined) throw unknownLab(id ?? '', heads, suggest)
  return found
}

export const badLab = (problems: readonly LabProblem[]): Error =>
  usageError('bad-lab', `the lab cannot be read:\n${problems.map(formatProblem).join('\n')}`)

const startIt = (lab: string): string => `sts-lab start ${lab}`

function unknownLab(
  id: string,
  labs: readonly Pick<Lab, 'id' | 'aliases'>[],
  suggest: (lab: string) => string,
): Error {
  const ids = labs.map((lab) => lab.id)
  const meant = nearest(
    id,
    labs.flatMap((lab) => [lab.id, ...lab.aliases]),
  )
  return usageError(
    'unknown-lab',
    `there is no lab "${id}"`,
    meant === null ? `sts-lab list   (labs: ${ids.join(', ')})` : suggest(meant),
  )
}
