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
  z.strictObject({ see: z.literal('namespace') }).describe("The lab's namespace is there."),
  z
    .strictObject({ see: z.literal('service'), name: dnsLabel, headless: z.boolean() })
    .describe('The service is there; one that has to be headless and is not ends the wait.'),
  z
    .strictObject({ see: z.literal('ready'), replicas })
    .describe('Exactly that many pods of the set, each ready.'),
  z
    .strictObject({ see: z.literal('replaced'), pod: dnsLabel })
    .describe("Another pod of that name than at the step's beginning, and the set ready again."),
  z
    .strictObject({ see: z.literal('image'), container: dnsLabel, image: text })
    .describe('Every pod runs that image and is ready.'),
  z
    .strictObject({ see: z.literal('gone'), objects: z.array(deleted).min(1) })
    .describe('None of them is left.'),
  z
    .strictObject({ see: z.literal('stuck'), because: pattern })
    .describe('The set cannot come up, and the reason matches this regular expression.'),
  z
    .strictObject({ see: z.literal('settled') })
    .describe('The set is up, or it is certain that it will not come up: whichever it is on this cluster.'),
  z
    .strictObject({ see: z.literal('file'), file: text, text })
    .describe("That file of every pod contains the text; {pod} is the pod's name."),
  z
    .strictObject({ see: z.literal('fixed'), replicas: replicas.nullable().default(null) })
    .describe(
      'A repair: that many pods are ready (left out: not asked), and every check of the step passes.',
    ),
])

export const actionSchema: z.ZodType<LabAction> = z
  .lazy(() =>
    z.discriminatedUnion('do', [
      z
        .strictObject({ do: z.literal('apply'), manifests: z.array(text).min(1) })
        .describe('Applies files of manifests/<lab id>/.'),
      z.strictObject({ do: z.literal('delete-pod'), pod: dnsLabel }),
      z.strictObject({ do: z.literal('scale'), replicas }),
      z.strictObject({ do: z.literal('set-image'), container: dnsLabel, image: text }),
      z.strictObject({ do: z.literal('delete'), objects: z.array(deleted).min(1) }),
      z
        .strictObject({ do: z.literal('fill'), file: text, blanks: z.array(blankSchema).min(1) })
        .describe('The student completes a file of manifests/<lab id>/; when it is right, it is applied.'),
      z
        .strictObject({ do: z.literal('write'), file: text, text })
        .describe("Writes the text into a file of every pod of the set; {pod} is the pod's name."),
      z.strictObject({ do: z.literal('wait'), until: goal }).describe('Waits, between other actions.'),
      z
        .strictObject({ do: z.literal('several'), actions: z.array(actionSchema).min(1) })
        .describe('One after the other.'),
    ]),
  )
  .meta({ id: 'action' })

const evidence = z
  .array(z.enum(['tokens', 'content', 'dns', 'pages', 'settings']))
  .default([])
  .describe(
    'tokens: leave a mark on each claim. content: read the claims. dns: ask for every name of the set and its service. pages: ask each service with an address, and each pod of the set, for a page. settings: read the ConfigMaps that its pods use.',
  )

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

const claim: z.ZodType<LabClaim> = z.strictObject({
  says: text.describe('A sentence about the cluster that a student can hold the lab to.'),
  proof: proof.describe("One of the step's checks, or a value of an object (null: there is none)."),
})

export const stepSchema: z.ZodType<LabStep> = z.strictObject({
  id,
  part: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be quoted and look like "1.4"')
    .describe('The part of the course it belongs to, in quotes: "1.8".'),
  title: text,
  explain: text.describe('Paragraphs, "- " lists, `code`, *stress*, and blocks indented by four spaces.'),
  corrections: texts.describe('What is often said and not so, and what is.'),
  needs: id
    .nullable()
    .default(null)
    .describe('The earlier step whose "until" has to hold before this one can begin.'),
  resumeFrom: id
    .nullable()
    .default(null)
    .describe('Where a later sitting begins again, because the evidence for this step begins there.'),
  phase: z
    .enum(['create', 'replace', 'grow', 'shrink', 'regrow', 'update'])
    .nullable()
    .default(null)
    .describe('What the criteria are to see in this step: they judge a creation, a replacement and so on.'),
  action: actionSchema
    .nullable()
    .default(null)
    .describe('What sts-lab does on Enter, and recognises when the student does it elsewhere.'),
  look: texts.describe('kubectl lines worth trying.'),
  before: evidence.describe(
    'Read before the action, to compare with: tokens, content, dns, pages, settings.',
  ),
  until: goal.nullable().default(null).describe('What the watch has to show; left out: nothing to wait for.'),
  after: evidence.describe('Read when "until" holds: tokens, content, dns, pages, settings.'),
  checks: z.array(id).default([]).describe('Ids of criteria and of step checks.'),
  shows: z
    .array(id)
    .default([])
    .describe('Ids of checks that fail here and are meant to: the symptom of what is broken.'),
  claims: z.array(claim).default([]).describe('What the texts say about the cluster, and what proves it.'),
  advice: z
    .array(adviceSchema)
    .default([])
    .describe('Hints that depend on what is on the cluster now; the first that applies is said.'),
  conclusion: z.string().trim().default('').describe('Said once the checks passed: what to notice.'),
  questions: z.array(questionSchema).default([]),
  hints: texts.describe('From an observation, over a direction, to nearly the answer.'),
  timeoutSeconds: z
    .int()
    .min(5)
    .max(3600)
    .default(300)
    .describe('How long "until" may take once the action has begun.'),
})
