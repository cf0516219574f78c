import { z } from 'zod'
import { DEFAULT_POSITION } from '../head.ts'
import type { Lab, WrongSolution } from '../lab.ts'
import { questionSchema } from './question.ts'
import { actionSchema, stepSchema } from './step.ts'
import { dnsLabel, id, text, texts } from './words.ts'

const wrong: z.ZodType<WrongSolution> = z.strictObject({
  id,
  title: text.describe('The mistake, in a few words.'),
  manifests: text
    .nullable()
    .default(null)
    .describe(
      "Folder of manifests/<lab id>/ whose files take the place of the lab's own with the same name.",
    ),
  instead: z
    .record(id, actionSchema)
    .default({})
    .describe("By step: what is done there instead of the step's own action."),
  fills: z
    .record(id, z.string())
    .default({})
    .describe('By blank: what is filled in instead of the solution.'),
  upTo: id.nullable().default(null).describe('The last step that is played; left out: all of them.'),
  fails: z
    .array(text)
    .min(1)
    .describe(
      'The checks that fail because of it, no more and no fewer: ids of criteria, constraints and checks, "goal", "blank/<id>", "refused" (by the API server).',
    ),
  mayFail: z
    .array(text)
    .default([])
    .describe('Checks that fail besides on some clusters, such as where a provisioner refuses a claim.'),
})

/** The shape of a lab file. Every object is strict: a key that nobody reads is a mistake, not an extra. */
export const labSchema: z.ZodType<Lab> = z.strictObject({
  id: id.describe('The same as the file is called, without .yaml.'),
  aliases: z.array(id).default([]).describe('Other names it can be started by.'),
  position: z
    .int()
    .min(0)
    .default(DEFAULT_POSITION)
    .describe('Its place in the course; labs of the same place are in the order of their ids.'),
  title: text,
  version: z
    .int()
    .min(1)
    .describe('Raise it when steps change their meaning: kept progress of another version is not resumed.'),
  summary: text.describe('One sentence, shown by list.'),
  minutes: z.int().min(1).describe('How long it takes somebody who is new to it.'),
  guidance: z
    .enum(['full', 'light', 'semi', 'fix', 'none'])
    .describe(
      'full: every step is explained and done with the student. light: the same with fewer words. semi: the student fills blanks and does tasks. fix: something is broken, the student repairs it. none: objectives only, verify is the exam.',
    ),
  namespace: dnsLabel.describe(
    'Where it happens unless --namespace says otherwise. Its manifests name this one.',
  ),
  statefulSet: dnsLabel
    .nullable()
    .default(null)
    .describe('The set that steps, checks and commands are about; left out where the student chooses it.'),
  objectives: texts.describe('What a student can do afterwards.'),
  constraints: texts.describe('What the solution has to keep to (guidance none).'),
  criteria: z
    .array(id)
    .default([])
    .describe('Ids of the criteria that verify judges the whole lab by (guidance none).'),
  hints: texts.describe('Of a lab without steps, from an observation to nearly the answer.'),
  questions: z.array(questionSchema).default([]).describe('Asked before anything is built (guidance none).'),
  solution: texts.describe(
    'Files of manifests/<lab id>/ that solve it (guidance none; steps have their own).',
  ),
  steps: z.array(stepSchema).default([]),
  wrong: z
    .array(wrong)
    .default([])
    .describe('Mistakes that somebody could make, and what has to find them out: labs test makes them.'),
})
