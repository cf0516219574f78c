import type { Lab } from './lab.ts'
import type { LabProblem } from './problem.ts'
import { type LabSurroundings, problemsOf } from './rules.ts'
import { labSchema } from './schema/lab.ts'
import { readStrictly } from './strict-yaml.ts'

export type ParsedLab =
  | { readonly lab: Lab; readonly problems: readonly [] }
  | { readonly lab: null; readonly problems: readonly LabProblem[] }

/** Reads one lab file strictly. Every problem is reported at once, in the order of the file. */
export function parseLab(text: string, file: string, surroundings: LabSurroundings): ParsedLab {
  const read = readStrictly(text, file, labSchema, (lab) => problemsOf(lab, surroundings))
  return read.value === null ? { lab: null, problems: read.problems } : { lab: read.value, problems: [] }
}
