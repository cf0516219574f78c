import type { BlankVerdict } from '../lab/blanks/judge-fill.ts'
import type { LabProblem } from '../lab/problem.ts'

/** What is told of a file with blanks. */
export type FillMessage =
  /** Where the file is and what is to be filled in. */
  | {
      readonly say: 'handed-out'
      /** As one would type it from here. */
      readonly file: string
      /** Nothing is filled in yet. */
      readonly fresh: boolean
      /** Saving it is noticed, the student has to say so, or each blank is asked for. */
      readonly how: 'watched' | 'on-enter' | 'asked'
    }
  | FilledNews
  | {
      readonly say: 'blank-hint'
      readonly verdict: BlankVerdict
      readonly text: string
      readonly number: number
      readonly of: number
    }
  /** The blank that is asked for now. */
  | { readonly say: 'blank'; readonly verdict: BlankVerdict; readonly file: string }
  /** The file is right, and the API server will not have it. */
  | { readonly say: 'refused'; readonly text: string }

/** What a save has changed. */
export interface FilledNews {
  readonly say: 'filled'
  readonly file: string
  readonly mistake: LabProblem | null
  /** Those whose verdict is news. */
  readonly blanks: readonly BlankVerdict[]
  readonly problems: readonly LabProblem[]
  readonly notes: readonly LabProblem[]
  /** How many of all; all three 0 where one blank alone was judged. */
  readonly right: number
  readonly wrong: number
  readonly open: number
}
