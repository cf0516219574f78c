import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startCli } from '../helpers/run-cli.ts'
import { onTheCluster, runCli, theCluster } from './support/cluster.ts'
import { connectTo, type E2eConnection } from './support/connect.ts'
import { eventually } from './support/eventually.ts'

let folder: string
let api: E2eConnection
beforeAll(async () => {
  api = await connectTo(theCluster())
})
afterAll(() => api.close())
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-course-'))
  cpSync('labs/example', folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const labsTest = (...args: string[]): string[] => ['labs', 'test', '--labs', folder, ...args]

/** The namespaces of plays that are not on their way out. */
async function namespaces(): Promise<string[]> {
  const found = await api.list('/api/v1/namespaces?labelSelector=sts-lab.dev%2Fproof')
  return found
    .filter(({ metadata }) => !('deletionTimestamp' in metadata) && metadata.name.startsWith('two-members-'))
    .map(({ metadata }) => metadata.name)
}

describe('sts-lab labs test', () => {
  it('proves the example course, keeps its recordings where they are wanted, and leaves nothing', async () => {
    const recordings = path.join(folder, 'recordings')
    const run = await runCli(labsTest('-o', 'json', '--recordings', recordings))
    expect(run.code, run.stderr).toBe(0)
    const { labs, summary } = JSON.parse(run.stdout)
    expect(summary).toEqual({ proven: 3, refuted: 0, undecided: 0 })
    expect(labs[0].plays.map(({ id }: { id: string }) => id)).toEqual(['unsolved', 'solution', 'parallel'])
    expect(await namespaces()).toEqual([])
    const files = ['parallel', 'solution', 'unsolved'].map((play) => `two-members.${play}.jsonl`)
    expect(readdirSync(recordings).sort()).toEqual(files)
    const kept = path.join(recordings, 'two-members.parallel.jsonl')
    expect(readFileSync(kept, 'utf8')).toContain('"what":"step create"')
    const replayed = await runCli(['replay', kept, '--output', 'json'])
    expect(JSON.parse(replayed.stdout)).toMatchObject({
      lab: 'two-members',
      criteria: expect.arrayContaining([
        expect.objectContaining({ id: 'sequential-creation', verdict: 'fail' }),
      ]),
    })
  })

  it('fails a lab with a mistake that nothing finds out', async () => {
    const set = (file: string): string => path.join(folder, 'manifests/two-members', file)
    writeFileSync(set('wrong/parallel/set.yaml'), readFileSync(set('set.yaml')))
    const run = await runCli(labsTest('--only', 'parallel'))
    expect(run.code, run.stderr).toBe(1)
    expect(run.stdout).toContain('sequential-creation does not fail')
    expect(run.stdout).toContain('0 proven, 1 refuted, 0 undecided')
  })

  it('fails a lab whose texts say what is not so', async () => {
    const lab = path.join(folder, 'two-members.yaml')
    writeFileSync(lab, readFileSync(lab, 'utf8').replace('is: OrderedReady', 'is: Parallel'))
    const run = await runCli(labsTest('--only', 'solution'))
    expect(run.code, run.stderr).toBe(1)
    expect(run.stdout.replace(/\s+/g, ' ')).toContain(
      'claim/2 fails: StatefulSet member: spec.podManagementPolicy is "OrderedReady", not "Parallel"',
    )
  })

  it('removes what it made when it is interrupted', async () => {
    const { process: child, result } = startCli(labsTest('--only', 'solution,parallel'), onTheCluster())
    await eventually('both plays are under way', async () =>
      (await namespaces()).length === 2 ? null : 'not two namespaces',
    )
    child.kill('SIGINT')
    const run = await result
    expect(run.code, run.stderr).toBe(130)
    expect(await namespaces()).toEqual([])
  })
})
