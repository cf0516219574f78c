import { z } from 'zod'
import type { Lab, WrongSolution } from '../lab.ts'
import { questionSchema } from './question.ts'
import { actionSchema, stepSchema } from './step.ts'
import { dnsLabel, id, text, texts } from './words.ts'

const wrong: z.ZodType<WrongSolution> = z.strictObject({
  id,
  title: text,
  manifests: text.nullable().default(null),
  instead: z.record(id, actionSchema).default({}),
  fills: z.record(id, z.string()).default({}),
  upTo: id.nullable().default(null),
  fails: z.array(text).min(1),
})

/** The shape of a lab file. Every object is strict: a key that nobody reads is a mistake, not an extra. */
export const labSchema: z.ZodType<Lab> = z.strictObject({
  id,
  aliases: z.array(id).default([]),
  position: z.int().min(0).default(1000),
  title: text,
  version: z.int().min(1),
  summary: text,
  minutes: z.int().min(1),
  guidance: z.enum(['full', 'light', 'semi', 'fix', 'none']),
  namespace: dnsLabel,
  statefulSet: dnsLabel.nullable().default(null),
  objectives: texts,
  constraints: texts,
  criteria: z.array(id).default([]),
  hints: texts,
  questions: z.array(questionSchema).default([]),
  solution: texts,
  steps: z.array(stepSchema).default([]),
  wrong: z.array(wrong).default([]),
})
