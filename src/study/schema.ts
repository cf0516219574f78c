import { z } from 'zod'
import { id, pattern, text } from '../lab/schema/words.ts'
import type { ExplainTopic, PlanPhase, PlanProof, QuizQuestion, QuizTopic } from './study.ts'

const question: z.ZodType<QuizQuestion> = z.strictObject({
  id,
  kind: z.enum(['design', 'scenario', 'think']),
  level: z.enum(['basic', 'deeper']).default('basic'),
  read: id.nullable().default(null),
  lab: id.nullable().default(null),
  ask: text,
  answer: text,
  choices: z.array(z.strictObject({ text, right: z.boolean().default(false), why: text })).default([]),
  accept: z.array(pattern).default([]),
  points: z.array(z.strictObject({ point: text, words: z.array(pattern).min(1) })).default([]),
})

export const quizSchema: z.ZodType<QuizTopic> = z.strictObject({
  topic: id,
  title: text,
  read: id,
  lab: id.nullable().default(null),
  questions: z.array(question).min(1),
})

export const topicSchema: z.ZodType<ExplainTopic> = z.strictObject({
  id,
  position: z.int().min(0),
  title: text,
  summary: text,
  aliases: z.array(id).default([]),
  quiz: z.array(id).default([]),
  labs: z.array(id).default([]),
  text,
})

const proof: z.ZodType<PlanProof> = z.union([
  z.strictObject({ lab: id, steps: z.array(id).default([]) }),
  z.strictObject({ labs: z.array(id).min(2) }),
  z.strictObject({ exam: id }),
  z.strictObject({ quiz: id }),
  z.strictObject({ question: id }),
])

const item = z.strictObject({ id, text, proofs: z.array(proof).default([]), read: id })

const phase: z.ZodType<PlanPhase> = z.strictObject({
  id,
  title: text,
  note: text,
  weeks: z.tuple([z.number().positive(), z.number().positive()]),
  groups: z.array(z.strictObject({ title: text, items: z.array(item).min(1) })).min(1),
})

export const planSchema: z.ZodType<{ readonly phases: readonly PlanPhase[] }> = z.strictObject({
  phases: z.array(phase).min(1),
})
