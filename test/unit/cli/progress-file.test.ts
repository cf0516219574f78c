import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holdLab, latestProgress, otherVersions, progressStore } from '../../../src/cli/progress-file.ts'
import { systemClock } from '../../../src/host/clock.ts'
import { readIfExists, writeFileAtomic } from '../../../src/host/files.ts'
import { hintShown, progressFor, stepProgress } from '../../../src/run/progress.ts'
import { tinyLab } from '../run/tiny-lab.ts'

const now = new Date('2026-01-01T00:00:00Z')
let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'sts-lab-'))
})
afterEach(() => rm(dataDir, { recursive: true }))

/** A terminal of its own: another process of the same host. */
const terminal = (pid: number, alive: readonly number[] = [1, 2]) => ({
  dataDir,
  clock: systemClock,
  files: { read: readIfExists, write: (file: string, text: string) => writeFileAtomic(file, text) },
  self: {
    host: 'here',
    pid,
    birth: `birth of ${pid}`,
    isAlive: (host: string, other: number) => (host === 'here' ? alive.includes(other) : null),
  },
})

describe('progress', () => {
  it('loses nothing when two terminals change it at once', async () => {
    const stores = [1, 2].map((pid) => progressStore(terminal(pid), tinyLab, 'lab'))
    const oneHint = (store: (typeof stores)[number]) => (step: string) =>
      store.change((kept) => hintShown(progressFor(tinyLab, 'lab', kept, now), tinyLab, step, now))
    await Promise.all(stores.flatMap((store) => ['setup', 'service', 'create', 'grow'].map(oneHint(store))))
    const kept = await stores[0]?.read()
    expect(tinyLab.steps.map(({ id }) => kept && stepProgress(kept, id).hints)).toEqual([2, 2, 2, 2])
    expect(await readdir(path.join(dataDir, 'progress'))).toEqual(['tiny.json'])
  })

  it('is one readable file for each lab and namespace, and the latest is found', async () => {
    const ownNamespace = progressStore(terminal(1), tinyLab, 'lab')
    const other = progressStore(terminal(1), tinyLab, 'other')
    await ownNamespace.change((kept) => progressFor(tinyLab, 'lab', kept, now))
    await other.change((kept) => progressFor(tinyLab, 'other', kept, new Date(now.getTime() + 1)))
    expect((await readdir(path.join(dataDir, 'progress'))).sort()).toEqual(['tiny.json', 'tiny@other.json'])
    expect((await latestProgress(terminal(1), tinyLab))?.namespace).toBe('other')
  })

  it('that cannot be read is not thrown away', async () => {
    const store = progressStore(terminal(1), tinyLab, 'lab')
    await store.change((kept) => progressFor(tinyLab, 'lab', kept, now))
    const file = path.join(dataDir, 'progress', 'tiny.json')
    await writeFile(file, '{"half')
    await expect(store.read()).rejects.toMatchObject({ code: 'bad-progress' })
    expect(await readIfExists(file)).toBe('{"half')
  })
})

describe('a new version of a lab', () => {
  const newLab = { ...tinyLab, version: tinyLab.version + 1 }
  const store = (lab: typeof tinyLab) => progressStore(terminal(1), lab, 'lab')
  const begun = (lab: typeof tinyLab) =>
    store(lab).change((kept) =>
      hintShown(progressFor(lab, 'lab', kept, now), lab, lab.steps[0]?.id ?? '', now),
    )

  it('begins anew, and what was kept of the old one is put aside', async () => {
    await begun(tinyLab)
    await begun(tinyLab)
    const fresh = await begun(newLab)
    expect(stepProgress(fresh, 'setup').hints).toBe(1)
    expect((await readdir(path.join(dataDir, 'progress'))).sort()).toEqual([
      'tiny.json',
      `tiny.v${tinyLab.version}.json`,
    ])
    const others = await otherVersions(terminal(1), newLab)
    expect(
      others.map(({ progress }) => [progress.labVersion, stepProgress(progress, 'setup').hints]),
    ).toEqual([[tinyLab.version, 2]])
  })

  it('gives the old one back to a program that still has it', async () => {
    await begun(tinyLab)
    await begun(newLab)
    expect(await store(tinyLab).read()).toMatchObject({ labVersion: tinyLab.version })
    expect(stepProgress(await begun(tinyLab), 'setup').hints).toBe(2)
    expect(stepProgress(await begun(newLab), 'setup').hints).toBe(2)
  })

  it('still knows what the old one left on the cluster', async () => {
    await store(tinyLab).change((kept) => ({
      ...progressFor(tinyLab, 'lab', kept, now),
      created: ['uid-1'],
      runs: ['run-1'],
    }))
    expect(await begun(newLab)).toMatchObject({ created: ['uid-1'], runs: ['run-1'] })
  })

  it('is what is found, and not what was put aside', async () => {
    const elsewhere = progressStore(terminal(1), tinyLab, 'other')
    await elsewhere.change((kept) => progressFor(tinyLab, 'other', kept, now))
    // The clock was put back meanwhile, so that what is aside looks newer.
    const earlier = new Date(now.getTime() - 1)
    const again = progressStore(terminal(1), newLab, 'other')
    await again.change((kept) => progressFor(newLab, 'other', kept, earlier))
    expect((await latestProgress(terminal(1), newLab))?.labVersion).toBe(newLab.version)
  })
})

describe('a lab that is being run', () => {
  it('is not run by a second terminal until the first ends', async () => {
    const release = await holdLab(terminal(1), tinyLab, 'lab')
    await expect(holdLab(terminal(2), tinyLab, 'lab')).rejects.toMatchObject({ code: 'already-running' })
    await release()
    await (await holdLab(terminal(2), tinyLab, 'lab'))()
  })

  it('is free again when its process was killed', async () => {
    await holdLab(terminal(1), tinyLab, 'lab')
    await expect(holdLab(terminal(2, [2]), tinyLab, 'lab')).resolves.toBeTypeOf('function')
  })
})
