import { z } from 'zod'
import type { LabQuestion } from '../question.ts'
import { pattern, text } from './words.ts'

export const questionSchema: z.ZodType<LabQuestion> = z.strictObject({
  ask: text,
  answer: text,
  choices: z.array(z.strictObject({ text, right: z.boolean().default(false), why: text })).default([]),
  accept: z.array(pattern).default([]),
  points: z.array(z.strictObject({ point: text, words: z.array(pattern).min(1) })).default([]),
})
