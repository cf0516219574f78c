import { z } from 'zod'
import type { ClaimProof, DeletedObjects, LabAction, LabClaim, LabGoal, LabStep } from '../lab.ts'
import { blankSchema } from './blank.ts'
import { adviceSchema } from './condition.ts'
import { questionSchema } from './question.ts'
import { dnsLabel, dottedPath, id, pattern, replicas, text, texts } from './words.ts'

const deleted: z.ZodType<DeletedObjects> = z.strictObject({
  kind: z.enum(['StatefulSet', 'Service', 'PersistentVolumeClaim', 'Pod', 'Namespace']),
  name: dnsLabel.nullable().default(null),
  selector: text.nullable().default(null),
})

const goal: z.ZodType<LabGoal> = z.discriminatedUnion('see', [
  z.strictObject({ see: z.literal('namespace') }),
  z.strictObject({ see: z.literal('service'), name: dnsLabel, headless: z.boolean() }),
  z.strictObject({ see: z.literal('ready'), replicas }),
  z.strictObject({ see: z.literal('replaced'), pod: dnsLabel }),
  z.strictObject({ see: z.literal('image'), container: dnsLabel, image: text }),
  z.strictObject({ see: z.literal('gone'), objects: z.array(deleted).min(1) }),
  z.strictObject({ see: z.literal('stuck'), because: pattern }),
  z.strictObject({ see: z.literal('file'), file: text, text }),
  z.strictObject({ see: z.literal('fixed'), replicas: replicas.nullable().default(null) }),
])

export const actionSchema: z.ZodType<LabAction> = z.lazy(() =>
  z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('apply'), manifests: z.array(text).min(1) }),
    z.strictObject({ do: z.literal('delete-pod'), pod: dnsLabel }),
    z.strictObject({ do: z.literal('scale'), replicas }),
    z.strictObject({ do: z.literal('set-image'), container: dnsLabel, image: text }),
    z.strictObject({ do: z.literal('delete'), objects: z.array(deleted).min(1) }),
    z.strictObject({ do: z.literal('fill'), file: text, blanks: z.array(blankSchema).min(1) }),
    z.strictObject({ do: z.literal('write'), file: text, text }),
    z.strictObject({ do: z.literal('wait'), until: goal }),
    z.strictObject({ do: z.literal('several'), actions: z.array(actionSchema).min(1) }),
  ]),
)

const evidence = z.array(z.enum(['tokens', 'content', 'dns'])).default([])

const proof: z.ZodType<ClaimProof> = z.union([
  z.strictObject({
    check: z
      .string()
      .regex(
        /^(shows\/)?[a-z0-9]+(-[a-z0-9]+)*$/,
        'must be the id of a check, "goal" or "shows/<id of a check>"',
      ),
  }),
  z.strictObject({
    kind: z.enum(['StatefulSet', 'Service', 'PersistentVolumeClaim', 'Pod', 'Namespace', 'Endpoints']),
    name: dnsLabel,
    path: dottedPath,
    is: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
])

const claim: z.ZodType<LabClaim> = z.strictObject({ says: text, proof })

export const stepSchema: z.ZodType<LabStep> = z.strictObject({
  id,
  part: z.string().regex(/^\d+(\.\d+)?$/, 'must be quoted and look like "1.4"'),
  title: text,
  explain: text,
  corrections: texts,
  needs: id.nullable().default(null),
  resumeFrom: id.nullable().default(null),
  phase: z.enum(['create', 'replace', 'grow', 'shrink', 'regrow', 'update']).nullable().default(null),
  action: actionSchema.nullable().default(null),
  look: texts,
  before: evidence,
  until: goal.nullable().default(null),
  after: evidence,
  checks: z.array(id).default([]),
  shows: z.array(id).default([]),
  claims: z.array(claim).default([]),
  advice: z.array(adviceSchema).default([]),
  conclusion: z.string().trim().default(''),
  questions: z.array(questionSchema).default([]),
  hints: texts,
  timeoutSeconds: z.int().min(5).max(3600).default(300),
})
