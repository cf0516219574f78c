import type { LabQuestion } from './question.ts'

/** What an answer came to. */
export interface JudgedAnswer {
  /** null: the question has nothing to judge by. Of a free answer: whether every key point was found. */
  readonly right: boolean | null
  readonly found: readonly string[]
  readonly missed: readonly string[]
  /** What is to be said about each choice that was picked. */
  readonly why: readonly string[]
}

/**
 * Judges an answer as it was typed: numbers of choices from 1 ("2", "1, 3"), a short answer, or free text.
 * An empty answer to a question that can be judged is wrong.
 */
export function judgeAnswer(question: LabQuestion, typed: string): JudgedAnswer {
  const answer = typed.trim()
  if (question.choices.length > 0) return judgeChoices(question, answer)
  if (question.accept.length > 0)
    return { ...NOTHING, right: question.accept.some((source) => whole(source).test(answer)) }
  if (question.points.length === 0) return NOTHING
  const said = question.points.map(({ point, words }) => ({
    point,
    found: words.some((source) => new RegExp(source, 'iu').test(answer)),
  }))
  const found = said.filter((each) => each.found).map(({ point }) => point)
  const missed = said.filter((each) => !each.found).map(({ point }) => point)
  return { right: missed.length === 0, found, missed, why: [] }
}

/** The numbers of the choices in an answer, from 1 and in order; null when it is anything else. */
export function pickedChoices(question: LabQuestion, typed: string): readonly number[] | null {
  const words = typed.split(/[\s,;]+/).filter((word) => word !== '')
  const numbers = [...new Set(words.map(Number))].sort((a, b) => a - b)
  const valid = numbers.every(
    (each) => Number.isInteger(each) && each >= 1 && each <= question.choices.length,
  )
  return numbers.length > 0 && valid ? numbers : null
}

const NOTHING: JudgedAnswer = { right: null, found: [], missed: [], why: [] }

const whole = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'iu')

function judgeChoices(question: LabQuestion, answer: string): JudgedAnswer {
  const picked = pickedChoices(question, answer) ?? []
  const right = question.choices.every((choice, index) => choice.right === picked.includes(index + 1))
  const why = picked.flatMap((number) => question.choices[number - 1]?.why ?? [])
  return { ...NOTHING, right, why }
}
