import { z } from 'zod'
import type { LabAdvice, LabCondition } from '../condition.ts'
import { dnsLabel, text } from './words.ts'

const podStates = [
  'absent',
  'pending',
  'crashing',
  'not-ready',
  'ready',
  'terminating',
  'outdated',
  'misnamed',
] as const

const condition: z.ZodType<LabCondition> = z
  .lazy(() =>
    z.union([
      z.strictObject({
        service: dnsLabel,
        is: z.enum(['absent', 'present', 'headless', 'not-headless', 'empty']),
      }),
      z.strictObject({ service: dnsLabel, selects: z.enum(['the-set', 'others']) }),
      z.strictObject({ set: z.enum(['absent', 'present', 'terminating']) }),
      z.strictObject({ set: z.literal('service-name'), is: text }),
      z.strictObject({ set: z.literal('replicas'), is: z.int().min(0) }),
      z.strictObject({ set: z.literal('policy'), is: z.enum(['OrderedReady', 'Parallel']) }),
      z.strictObject({ set: z.literal('claim-templates'), is: z.int().min(0) }),
      z.strictObject({ pod: dnsLabel, is: z.enum(podStates) }),
      z.strictObject({ claim: dnsLabel, is: z.enum(['absent', 'pending', 'bound', 'terminating']) }),
      z.strictObject({ all: z.array(condition).min(1) }),
      z.strictObject({ any: z.array(condition).min(1) }),
      z.strictObject({ not: condition }),
    ]),
  )
  .meta({ id: 'condition' })

export const adviceSchema: z.ZodType<LabAdvice> = z.strictObject({
  when: condition.describe('What is so on the cluster.'),
  say: text,
  hopeless: z
    .boolean()
    .default(false)
    .describe('From here the exercise cannot be completed: said plainly, with the way to reset.'),
})
