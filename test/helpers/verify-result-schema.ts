import { z } from 'zod'
import { criteria } from '../../src/criteria/index.ts'
import type { VerifyResult } from '../../src/result.ts'
import { STREAMS } from '../../src/timeline/observation.ts'

const verdict = z.enum(['pass', 'fail', 'inconclusive'])
const time = z.iso.datetime().describe('RFC 3339, UTC')
const ms = z.number().min(0).describe('milliseconds')
const count = z.int().min(0)
const [first = 'pod-naming', ...others] = criteria.map(({ id }) => id)

const evidence = z.strictObject({
  seq: z.int().min(1).describe('its place in the recording: the order in which sts-lab received things'),
  at: time.describe("sts-lab's own clock"),
  stream: z.enum(['run', ...STREAMS]),
  type: z.string().describe('listed, added, modified, deleted, vanished, gap; phase, action, reading'),
  object: z.string().describe('pod/web-1, claim/data-web-1, run …'),
  uid: z.string().nullable(),
  detail: z.string().describe('one line'),
})

/**
 * What `verify -o json` prints, as a schema; strict, so that a field without one fails a test. The file beside the
 * JSON report is made from it (`vitest run --project unit test/unit/report/verify-result-schema.test.ts -u`).
 */
export const verifyResultSchema: z.ZodType<VerifyResult> = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: z.strictObject({ name: z.literal('sts-lab'), version: z.string() }),
    lab: z.string(),
    cluster: z
      .strictObject({
        context: z.string(),
        server: z.string(),
        version: z.string().describe('git version of the API server'),
        provider: z.string().describe('kind, minikube, native … or unknown'),
        simulated: z.boolean(),
      })
      .nullable()
      .describe('null: the run ended before there was one'),
    target: z.strictObject({
      namespace: z.string(),
      statefulSet: z.string().nullable(),
      uid: z.string().nullable().describe('null: there is no such set'),
    }),
    startedAt: time,
    durationMs: ms,
    timing: z
      .strictObject({
        wallMs: ms,
        clusterMs: ms.describe('what the cluster needed between a request and the state waited for'),
        overheadMs: ms.describe('the rest'),
      })
      .exactOptional()
      .describe('absent in a replay'),
    constraints: z.array(z.strictObject({ id: z.string(), title: z.string(), verdict, reason: z.string() })),
    criteria: z
      .array(
        z.strictObject({
          number: z.int().min(1).max(criteria.length),
          id: z.enum([first, ...others]),
          title: z.string(),
          verdict,
          reason: z.string().describe('one sentence'),
          expected: z.string(),
          actual: z.string(),
          hint: z.string().nullable().describe('null: it passed'),
          durationMs: ms.describe('how long its evidence took to gather; 0 where it shares that of another'),
          evidence: z.array(evidence).describe('what it rests on; of a fail the offending events'),
        }),
      )
      .describe('those that were judged, in the order of their numbers; empty with an error before that'),
    summary: z.strictObject({
      passed: count,
      failed: count,
      inconclusive: count,
      score: count,
      maxScore: count,
    }),
    error: z
      .strictObject({ code: z.string(), message: z.string(), hint: z.string().nullable() })
      .nullable()
      .describe('why the run ended early; null: it did not'),
  })
  .meta({ title: 'Result of sts-lab verify' })

/** For other tools: fields may be added without a new schemaVersion, so none is forbidden. */
export function publishedSchema(): string {
  const schema = z.toJSONSchema(verifyResultSchema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties
    },
  })
  return `${withShortLists(JSON.stringify(schema, null, 2))}\n`
}

const WIDEST = 110

/** Lists of words in one line where they fit, as the formatter has them. */
const withShortLists = (json: string): string =>
  json.replace(
    /^( *(?:"[^"]*": )?)\[\n((?: *"[^"]*",?\n)+) *\](,?)$/gm,
    (whole, head: string, items: string, tail: string) => {
      const line = `${head}[${items.trim().replace(/,\n */g, ', ')}]${tail}`
      return line.length <= WIDEST ? line : whole
    },
  )
