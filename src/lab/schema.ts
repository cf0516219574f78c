import { z } from 'zod'
import type { DeletedObjects, Lab, LabAction, LabGoal, LabStep } from './lab.ts'

/** The shape of a lab file. Every object is strict: a key that nobody reads is a mistake, not an extra. */
const text = z.string().trim().min(1, 'must not be empty')
const id = z
  .string()
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be lower-case letters, digits and single dashes, such as "scale-up"',
  )
const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'must be a Kubernetes name: lower-case letters, digits and dashes',
  )
const replicas = z.int().min(0).max(20)
const texts = z.array(text).default([])

const deleted: z.ZodType<DeletedObjects> = z.strictObject({
  kind: z.enum(['StatefulSet', 'Service', 'PersistentVolumeClaim', 'Pod', 'Namespace']),
  name: dnsLabel.nullable().default(null),
  selector: text.nullable().default(null),
})

const action: z.ZodType<LabAction> = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('apply'), manifests: z.array(text).min(1) }),
  z.strictObject({ do: z.literal('delete-pod'), pod: dnsLabel }),
  z.strictObject({ do: z.literal('scale'), replicas }),
  z.strictObject({ do: z.literal('set-image'), container: dnsLabel, image: text }),
  z.strictObject({ do: z.literal('delete'), objects: z.array(deleted).min(1) }),
])

const goal: z.ZodType<LabGoal> = z.discriminatedUnion('see', [
  z.strictObject({ see: z.literal('namespace') }),
  z.strictObject({ see: z.literal('service'), name: dnsLabel, headless: z.boolean() }),
  z.strictObject({ see: z.literal('ready'), replicas }),
  z.strictObject({ see: z.literal('replaced'), pod: dnsLabel }),
  z.strictObject({ see: z.literal('image'), container: dnsLabel, image: text }),
  z.strictObject({ see: z.literal('gone'), objects: z.array(deleted).min(1) }),
])

const evidence = z.array(z.enum(['tokens', 'content', 'dns'])).default([])

const step: z.ZodType<LabStep> = z.strictObject({
  id,
  part: z.string().regex(/^\d+\.\d+$/, 'must be quoted and look like "1.4"'),
  title: text,
  explain: text,
  corrections: texts,
  needs: id.nullable().default(null),
  resumeFrom: id.nullable().default(null),
  phase: z.enum(['create', 'replace', 'grow', 'shrink', 'regrow', 'update']).nullable().default(null),
  action: action.nullable().default(null),
  look: texts,
  before: evidence,
  until: goal.nullable().default(null),
  after: evidence,
  checks: z.array(id).default([]),
  conclusion: z.string().trim().default(''),
  questions: z.array(z.strictObject({ ask: text, answer: text })).default([]),
  hints: texts,
  timeoutSeconds: z.int().min(5).max(3600).default(300),
})

export const labSchema: z.ZodType<Lab> = z.strictObject({
  id,
  title: text,
  version: z.int().min(1),
  summary: text,
  minutes: z.int().min(1),
  guidance: z.enum(['full', 'none']),
  namespace: dnsLabel,
  statefulSet: dnsLabel.nullable().default(null),
  objectives: texts,
  constraints: texts,
  criteria: z.array(id).default([]),
  hints: texts,
  steps: z.array(step).default([]),
})
