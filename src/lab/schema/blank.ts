import { z } from 'zod'
import type { Blank, BlankRule } from '../blank.ts'
import { dottedPath, id, pattern, text } from './words.ts'

const say = text.describe('What is wrong with a value that breaks the rule, for the student.')
const places = z
  .array(text)
  .min(1)
  .describe('"spec.serviceName" in this file, "service.yaml#metadata.name" in another.')

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
  id: id.describe('Unique in the lab; texts say {blank.<id>} for what the student wrote there.'),
  at: dottedPath.describe('Where it stands, such as "spec.template.spec.containers.0.name".'),
  ask: text.describe('What belongs there, for whoever is asked blank by blank.'),
  accept: z.array(rule).min(1).describe('Each has to hold. Accept every right answer, not one spelling.'),
  hints: z.array(text).min(1).describe('From an observation, over a direction, to nearly the answer.'),
  solution: text.describe('What our own solution has there, as it is written in YAML.'),
})
