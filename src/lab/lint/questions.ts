import { judgeAnswer } from '../answer.ts'
import type { Path } from '../lab-text.ts'
import { fillQuestion, placeholderValues } from '../placeholders.ts'
import type { LabQuestion } from '../question.ts'
import type { LintSetting, Report } from './finding.ts'

/** Every question can be answered: rightly, and wrongly. */
export function lintQuestions({ lab }: LintSetting, report: Report): void {
  const values = placeholderValues(lab, lab.namespace, () => undefined)
  const lint = (questions: readonly LabQuestion[], path: Path): void => {
    for (const [index, question] of questions.entries())
      lintQuestion(fillQuestion(question, values), (below, message) =>
        report([...path, index, ...below], message),
      )
  }
  lint(lab.questions, ['questions'])
  for (const [index, step] of lab.steps.entries()) lint(step.questions, ['steps', index, 'questions'])
}

function lintQuestion(question: LabQuestion, report: Report): void {
  const { choices, accept, points, answer } = question
  const ways = [choices, accept, points].filter((each) => each.length > 0)
  if (ways.length > 1 && choices.length === 0)
    report([], 'a question is judged in one way: by "accept" or by "points"')
  if (choices.length > 0) {
    if (!choices.some(({ right }) => right)) report(['choices'], 'no choice is right')
    if (choices.every(({ right }) => right))
      report(['choices'], 'no choice is wrong: there is nothing to choose')
    for (const [index, { text }] of choices.entries())
      if (choices.findIndex((other) => other.text === text) < index)
        report(['choices', index], `the choice "${text}" is there twice`)
  }
  for (const [index, source] of accept.entries())
    if (new RegExp(`^(?:${source})$`, 'iu').test('')) report(['accept', index], 'accepts an empty answer')
  for (const [index, { words }] of points.entries())
    for (const [number, source] of words.entries())
      if (new RegExp(source, 'iu').test(''))
        report(['points', index, 'words', number], 'is found in every answer')
  if (choices.length === 0 && accept.length === 0)
    for (const missed of judgeAnswer(question, answer).missed)
      report(['answer'], `the model answer itself misses the point "${missed}"`)
}
