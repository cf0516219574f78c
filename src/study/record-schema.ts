import { z } from 'zod'
import type { QuestionRecord, StudyRecord } from './scores.ts'

const time = z.iso.datetime()

const question: z.ZodType<QuestionRecord> = z.looseObject({
  box: z.int().min(1),
  dueAt: time,
  answered: z.int().min(0),
  right: z.int().min(0),
  lastAt: time,
  lastRight: z.boolean(),
})

/** What study.json holds. */
export const studyRecordSchema: z.ZodType<StudyRecord> = z.looseObject({
  schemaVersion: z.literal(1),
  updatedAt: time,
  questions: z.record(z.string(), question),
  ticked: z.record(z.string(), time),
})
