import { judgeAnswer } from '../lab/answer.ts'
import type { LabQuestion } from '../lab/question.ts'
import type { BrokenRule } from '../lab/strict-yaml.ts'

/** What makes a question one that can be asked fairly: it has one way to be answered, and that way can be right and wrong. */
export function questionProblems(question: LabQuestion): BrokenRule[] {
  const { choices, accept, points } = question
  const ways = [choices, accept, points].filter((way) => way.length > 0).length
  if (ways !== 1)
    return [
      {
        path: ['ask'],
        message: 'needs one of "choices", "accept" and "points": a quiz has to judge the answer',
      },
    ]
  if (choices.length > 0) return choiceProblems(question)
  if (points.length === 0) return []
  // The model answer is the one answer that must never be judged wrong.
  return judgeAnswer(question, question.answer).missed.map((point) => ({
    path: ['points'],
    message: `our own answer is judged to miss "${point}"`,
  }))
}

function choiceProblems({ choices }: LabQuestion): BrokenRule[] {
  const problems: BrokenRule[] = []
  const right = choices.filter((choice) => choice.right).length
  if (choices.length < 3) problems.push({ path: ['choices'], message: 'fewer than three choices' })
  if (right === 0) problems.push({ path: ['choices'], message: 'none of the choices is right' })
  if (right === choices.length) problems.push({ path: ['choices'], message: 'all of the choices are right' })
  if (new Set(choices.map(({ text }) => text)).size < choices.length)
    problems.push({ path: ['choices'], message: 'two choices say the same' })
  return problems
}
