import { z } from 'zod'
import type { LabQuestion } from '../question.ts'
import { pattern, text } from './words.ts'

export const questionSchema: z.ZodType<LabQuestion> = z.strictObject({
  ask: text,
  answer: text.describe('The model answer and its reason, shown afterwards in every case.'),
  choices: z
    .array(
      z.strictObject({
        text,
        right: z.boolean().default(false),
        why: text.describe('Said when this one was picked.'),
      }),
    )
    .default([])
    .describe('To pick from: at least one right and one wrong.'),
  accept: z
    .array(pattern)
    .default([])
    .describe('Regular expressions for a short answer, each for the whole of it. One has to match.'),
  points: z
    .array(
      z.strictObject({
        point: text,
        words: z.array(pattern).min(1).describe('Regular expressions; one of them found anywhere is enough.'),
      }),
    )
    .default([])
    .describe('What a good free answer says. The model answer has to say all of it.'),
})
