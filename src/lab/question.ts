/**
 * A question as a lab or the study material asks it. How it is answered follows from what it has: `choices` are
 * picked from, `accept` judges a short answer, `points` are looked for in a free one; with none of them the
 * student thinks, and then sees the answer.
 */
export interface LabQuestion {
  readonly ask: string
  /** The model answer and its reason, shown afterwards in every case. */
  readonly answer: string
  readonly choices: readonly AnswerChoice[]
  /** Regular expressions, each for a whole answer, letter case and outer spaces aside. One has to match. */
  readonly accept: readonly string[]
  readonly points: readonly KeyPoint[]
}

export interface AnswerChoice {
  readonly text: string
  readonly right: boolean
  /** Said when this one was picked: why it is right, or what it overlooks. */
  readonly why: string
}

/** One thing that a good free answer says. */
export interface KeyPoint {
  readonly point: string
  /** Regular expressions, letter case aside; one of them found anywhere in the answer is enough. */
  readonly words: readonly string[]
}
