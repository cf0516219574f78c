import { z } from 'zod'
import type { EarlierSystem } from '../criteria/criterion.ts'
import type { ExamResult, KeptAnswer, LabProgress, StepProgress } from './progress.ts'

// Loose: what a later version of sts-lab added stays in the file when this one changes it.
const verdicts = z.record(z.string(), z.enum(['pass', 'fail', 'inconclusive']))
const time = z.iso.datetime()

const step: z.ZodType<StepProgress> = z.looseObject({
  doneAt: time.nullable(),
  skipped: z.boolean(),
  verdicts,
  hints: z.int().min(0),
})

const answer: z.ZodType<KeptAnswer> = z.looseObject({
  text: z.string(),
  at: time,
  right: z.boolean().nullable(),
  found: z.array(z.string()),
  missed: z.array(z.string()),
})

const exam: z.ZodType<ExamResult> = z.looseObject({
  at: time,
  passedAt: time.nullable(),
  score: z.number(),
  maxScore: z.number(),
  verdicts,
})

const broken: z.ZodType<EarlierSystem> = z.looseObject({
  replicas: z.int().min(0),
  claims: z.record(z.string(), z.string()),
})

/** A progress file. Files of before there were folder, answers, exam, broken and passed are read too. */
export const progressSchema: z.ZodType<LabProgress> = z.looseObject({
  schemaVersion: z.literal(1),
  lab: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  labVersion: z.int().min(1),
  namespace: z.string().regex(/^[a-z0-9-]+$/),
  startedAt: time,
  updatedAt: time,
  current: z.string().nullable(),
  steps: z.record(z.string(), step),
  created: z.array(z.string()),
  runs: z.array(z.string()),
  folder: z.string().nullable().default(null),
  answers: z.record(z.string(), answer).default({}),
  exam: exam.nullable().default(null),
  broken: broken.nullable().default(null),
  passed: z.record(z.string(), time).default({}),
})

/** null: this is no progress file of this version. */
export function parseProgress(text: string): LabProgress | null {
  try {
    const parsed = progressSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
