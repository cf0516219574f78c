import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { jsonReport } from '../../../src/report/json.ts'
import type { VerifyResult } from '../../../src/result.ts'
import { judge } from '../../../src/run/judge.ts'
import { readRecording } from '../../../src/timeline/jsonl.ts'
import { publishedSchema, verifyResultSchema } from '../../helpers/verify-result-schema.ts'

const FOLDER = 'test/fixtures/recordings'

/** What `verify -o json` prints for a real run. */
function printed(name: string): string {
  const { header, observations } = readRecording(readFileSync(`${FOLDER}/${name}`, 'utf8'), name)
  const result: VerifyResult = {
    schemaVersion: 1,
    tool: { name: 'sts-lab', version: '0.1.0' },
    lab: header.lab,
    cluster: header.cluster,
    target: { namespace: header.target.namespace, statefulSet: header.target.name, uid: header.target.uid },
    startedAt: header.startedAt,
    durationMs: 60_000,
    timing: { wallMs: 60_000, clusterMs: 58_000, overheadMs: 2_000 },
    ...judge({ observations, target: header.target }),
    error: null,
  }
  return jsonReport(result)
}

const problemsOf = (json: string): string[] =>
  verifyResultSchema
    .safeParse(JSON.parse(json))
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('the schema of the JSON result', () => {
  it('is published as it is', async () => {
    await expect(publishedSchema()).toMatchFileSnapshot('../../../src/report/verify-result.schema.json')
  })

  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl')))(
    'holds for the real run %s',
    (name) => {
      expect(problemsOf(printed(name))).toEqual([])
    },
  )

  it('does not hold for a result with an unknown verdict or a field that it does not know', () => {
    const result = JSON.parse(printed('section1-passes.jsonl')) as { criteria: { verdict: string }[] }
    const [criterion] = result.criteria
    if (criterion !== undefined) criterion.verdict = 'maybe'
    const spoilt = JSON.stringify({ ...result, more: 1 })
    expect(problemsOf(spoilt)).toHaveLength(2)
  })
})
