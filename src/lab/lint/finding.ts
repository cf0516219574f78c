import type { Lab } from '../lab.ts'
import { thereIsNo } from '../nearest.ts'
import type { BrokenRule } from '../strict-yaml.ts'

/** Says that something in the lab file is not as it has to be. */
export type Report = (path: BrokenRule['path'], message: string) => void

/** What a lab's rules look at besides the lab. */
export interface LintSetting {
  readonly lab: Lab
  /** Ids of the constraints that `verify` judges besides the criteria. */
  readonly constraints: readonly string[]
  /** Files of manifests/<lab id>/, without that folder. */
  readonly files: readonly string[]
  /** Text of such a file; null: there is none. */
  readonly textOf: (file: string) => string | null
}

/** Says so where a name means nothing, with the one that was probably meant. */
export function expectKnown(
  report: Report,
  path: BrokenRule['path'],
  what: string,
  id: string,
  known: readonly string[],
): void {
  if (!known.includes(id)) report(path, thereIsNo(what, id, known))
}
