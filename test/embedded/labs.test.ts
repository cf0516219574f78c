import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { LabsProof } from '../../src/result/labs-proof.ts'
import { onPractice } from './support/practice.ts'

/** They give a pod a whole minute before they call it stuck, of the wall's time: the labs suite has them. */
const SLOW = ['mistake-6', 'trouble-2']
const labs = readdirSync('labs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))
  .filter((lab) => !SLOW.includes(lab))

let proof: LabsProof

beforeAll(async () => {
  proof = await onPractice({}, async ({ cli }) => {
    const { stdout, stderr } = await cli('labs', 'test', ...labs, '--jobs', '12', '-o', 'json')
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

  it('the proof says that it is a simulated one', () => {
    expect(proof.cluster).toMatchObject({ simulated: true })
  })
})
