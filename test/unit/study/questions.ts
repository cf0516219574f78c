import type { StudyQuestion } from '../../../src/study/study.ts'

/** A question with one right choice, unless told otherwise. */
export const aQuestion = (facts: Partial<StudyQuestion> & { readonly id: string }): StudyQuestion => ({
  kind: 'think',
  level: 'basic',
  topic: 'dns',
  read: 'dns',
  lab: null,
  ask: `${facts.id}?`,
  answer: 'because',
  choices: [
    { text: 'right', right: true, why: 'it is so' },
    { text: 'wrong', right: false, why: 'it is not so' },
  ],
  accept: [],
  points: [],
  ...facts,
})
