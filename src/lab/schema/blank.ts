import { z } from 'zod'
import type { Blank, BlankRule } from '../blank.ts'
import { dottedPath, id, pattern, text } from './words.ts'

const say = text
const places = z.array(text).min(1)

const rule: z.ZodType<BlankRule> = z.discriminatedUnion('is', [
  z.strictObject({
    is: z.literal('one-of'),
    values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
    say,
  }),
  z.strictObject({ is: z.literal('pattern'), pattern, say }),
  z.strictObject({ is: z.literal('integer'), min: z.int(), max: z.int(), say }),
  z.strictObject({ is: z.literal('quantity'), min: text, max: text, say }),
  z.strictObject({ is: z.literal('name'), of: z.enum(['object', 'port', 'label']), say }),
  z.strictObject({ is: z.literal('same-as'), places, say }),
  z.strictObject({ is: z.literal('other-than'), places, say }),
])

export const blankSchema: z.ZodType<Blank> = z.strictObject({
  id,
  at: dottedPath,
  ask: text,
  accept: z.array(rule).min(1),
  hints: z.array(text).min(1),
  solution: text,
})
