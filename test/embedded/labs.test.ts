import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabsProof } from '../../src/result/labs-proof.ts'
import { driftOf } from '../helpers/stories/recorded.ts'
import { onPractice } from './support/practice.ts'

const labs = readdirSync('labs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))

let proof: LabsProof
const recordings = mkdtempSync(path.join(tmpdir(), 'sts-lab-plays-'))
afterAll(() => rmSync(recordings, { recursive: true }))

beforeAll(async () => {
  proof = await onPractice({}, async ({ cli }) => {
    const flags = ['--jobs', '12', '--recordings', recordings, '-o', 'json']
    const { stdout, stderr } = await cli('labs', 'test', ...labs, ...flags)
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as LabsProof
  })
}, 240_000)

describe('on the practice cluster, as on a real one,', () => {
  it.each(labs)('%s is proven: it can be solved, and each of its mistakes is found out', (lab) => {
    const plays = proof.labs.find((each) => each.lab === lab)?.plays ?? []
    expect(plays.length).toBeGreaterThan(1)
    expect(plays.filter(({ outcome }) => outcome !== 'proven')).toEqual([])
  })

  it.each(labs)('in each play of %s the pods and claims come and go in the same order', (lab) => {
    const played = proof.labs.find((each) => each.lab === lab)
    expect(played && driftOf(recordings, played)).toEqual({})
  })

  it('the proof says that it is a simulated one', () => {
    expect(proof.cluster).toMatchObject({ simulated: true })
  })
})
