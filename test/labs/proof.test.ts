import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { constraints } from '../../src/criteria/constraints.ts'
import { criteria } from '../../src/criteria/index.ts'
import { stepChecks } from '../../src/criteria/step-checks/index.ts'
import { readCatalogue } from '../../src/lab/catalogue.ts'
import { labsProofText } from '../../src/report/labs-proof.ts'
import type { LabsProof } from '../../src/result/labs-proof.ts'
import { playsOf } from '../../src/run/proof/plays.ts'
import { runCli, theCluster } from '../e2e/support/cluster.ts'
import { driftOf, keepStories } from '../helpers/stories/recorded.ts'

const files = readdirSync('labs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(`labs/${name}`, 'utf8') }))
const { labs } = readCatalogue(files, {
  criteria: [...criteria, ...constraints].map(({ id }) => id),
  checks: stepChecks.map(({ id }) => id),
  manifests: (lab) => readdirSync(`manifests/${lab}`, { recursive: true, encoding: 'utf8' }),
})
/** All of them, in namespaces of their own. */
const HOOK_MS = 1_500_000

/**
 * Set, what is played is kept as what the native cluster does (test/embedded/fixtures/stories): `all`, or the ids of
 * new wrong solutions by commas: `STS_LAB_STORIES=parallel npx vitest run --project labs`. Only those are played then.
 */
const stories = process.env.STS_LAB_STORIES
const recordings = mkdtempSync(path.join(tmpdir(), 'sts-lab-plays-'))
afterAll(() => rmSync(recordings, { recursive: true }))

let proof: LabsProof | null = null

beforeAll(async () => {
  const flags = ['--output', 'json', '--jobs', '6', '--recordings', recordings]
  const only = stories === undefined || stories === 'all' ? [] : ['--only', stories]
  const run = await runCli(['labs', 'test', ...flags, ...only], {
    timeoutMs: HOOK_MS - 10_000,
  })
  if (run.stdout === '') throw new Error(`labs test ended with ${run.code} and said nothing:\n${run.stderr}`)
  proof = JSON.parse(run.stdout) as LabsProof
  if (stories !== undefined) for (const lab of proof.labs) keepStories(recordings, lab)
  const look = { columns: 120, colour: false, unicode: true }
  process.stdout.write(`\n${labsProofText(proof, look)}\n`)
}, HOOK_MS)

describe.each(labs)('lab $id', (lab) => {
  it.each(playsOf(lab))('is proven by its play "$id"', ({ id }) => {
    const play = proof?.labs.find((each) => each.lab === lab.id)?.plays.find((each) => each.id === id)
    expect(play?.reasons).toEqual([])
    expect(play?.outcome).toBe('proven')
  })
  it('in each play the pods and claims come and go as known', (context) => {
    if (theCluster().provider !== 'native cluster')
      context.skip('what is known is what Kubernetes 1.20 does, which is the native cluster')
    const played = proof?.labs.find((each) => each.lab === lab.id)
    expect(played && driftOf(recordings, played)).toEqual({})
  })
})
