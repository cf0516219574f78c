import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Misdeed } from '../../src/embedded/controllers/misdeeds.ts'
import type { LabsProof } from '../../src/result/labs-proof.ts'
import { driftOf } from '../helpers/stories/recorded.ts'
import { onPractice } from './support/practice.ts'

const recordings = mkdtempSync(path.join(tmpdir(), 'sts-lab-drift-'))
afterAll(() => rmSync(recordings, { recursive: true }))

/** How a play on a cluster that does wrong differs from the same play on the native one. */
const drift = (misdeed: Misdeed, play: string): Promise<readonly string[]> =>
  onPractice({ misdeeds: new Set([misdeed]) }, async ({ cli }) => {
    const folder = path.join(recordings, misdeed)
    const flags = ['--only', play, '--recordings', folder, '-o', 'json']
    const { stdout, stderr } = await cli('labs', 'test', 'scenario', ...flags)
    if (stdout === '') throw new Error(stderr)
    const [played] = (JSON.parse(stdout) as LabsProof).labs
    return (played && driftOf(folder, played)[play]) ?? []
  })

/** Creates, replaces, grows and shrinks; what comes after that is not played. */
const PLAY = 'claim-deleted'
const CASES: readonly (readonly [Misdeed, string, string])[] = [
  ['creates-at-once', PLAY, 'deploy: the other way round here: nginx-sts-0 ready before nginx-sts-1 created'],
  [
    'creates-backwards',
    PLAY,
    'deploy: the other way round here: nginx-sts-0 created before nginx-sts-2 ready',
  ],
  [
    'deletes-at-once',
    PLAY,
    'shrink: the other way round here: nginx-sts-4 gone before nginx-sts-3 told to go',
  ],
  [
    'deletes-forwards',
    PLAY,
    'shrink: the other way round here: nginx-sts-4 told to go before nginx-sts-3 gone',
  ],
  ['deletes-claims', PLAY, 'shrink: claim:data-nginx-sts-3 told to go is not to be'],
  ['loses-volumes', 'cleans-up', 'replace: claim:data-nginx-sts-1(2) created is not to be'],
]

describe.concurrent('a controller that does wrong drifts from what is known', { timeout: 120_000 }, () => {
  it.each(CASES)('%s (%s)', async (misdeed, play, told) => {
    expect(await drift(misdeed, play)).toContain(told)
  })
})
