import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import type { LabProgress } from '../../src/run/progress.ts'
import { keepProgress } from '../helpers/kept-progress.ts'
import { runCli } from '../helpers/run-cli.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const run = (...args: string[]) => runCli(args, { env: { STS_LAB_HOME: home } })
const folder = (): string => path.join(home, 'mine')
const template = (file: string): string => readFileSync(`manifests/section2/${file}`, 'utf8')

/** Somebody who is at a step of section 2, has done some, and has files. */
function kept(facts: Partial<LabProgress>, files: Readonly<Record<string, string>> = {}): void {
  const unopened = { answers: {}, exam: null, broken: null, passed: {} }
  keepProgress(home, 'section2.json', { lab: 'section2', folder: folder(), ...unopened, ...facts })
  mkdirSync(folder(), { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder(), file), text)
}

const DONE = {
  doneAt: '2026-01-01T00:00:00.000Z',
  skipped: false,
  verdicts: { goal: 'pass' },
  hints: 0,
} as const

describe('sts-lab reset', () => {
  const service = 'headless-service.yaml'
  const set = 'statefulset.yaml'

  it('gives back the file of the step one is at, and keeps the student’s beside it', async () => {
    kept({}, { [set]: 'mine', [`${set}.1`]: 'older', [service]: 'done' })
    expect(await run('reset', 'section2')).toMatchObject({ code: 0 })
    expect(readFileSync(path.join(folder(), set), 'utf8')).toBe(template(set))
    expect(readFileSync(path.join(folder(), `${set}.1`), 'utf8')).toBe('older')
    expect(readFileSync(path.join(folder(), `${set}.2`), 'utf8')).toBe('mine')
    expect(readFileSync(path.join(folder(), service), 'utf8')).toBe('done')
  })

  it('gives back all of them on --all, for the namespace in use', async () => {
    kept({}, { [set]: 'mine' })
    expect(await run('reset', 'section2', '--all')).toMatchObject({ code: 0 })
    expect(readdirSync(folder()).sort()).toEqual([service, set, `${set}.1`])
    expect(await run('reset', 'section2', '--all')).toMatchObject({ code: 0 })
    expect(readdirSync(folder())).toHaveLength(3)
  })

  it('says what to type where there is nothing to give back', async () => {
    expect(await run('reset', 'section1')).toMatchObject({ code: 2, stdout: '' })
    const { code, stderr } = await run('reset', 'section2')
    expect(code).toBe(2)
    expect(stderr).toContain('sts-lab start section2')
  })
})

describe('sts-lab hint', () => {
  it('is about the first blank that is not right, one rung after the other', async () => {
    const service = template('headless-service.yaml').replace('clusterIP: ___________', 'clusterIP: None')
    kept({ current: 'service' }, { 'headless-service.yaml': service })
    expect((await run('hint', 'section2')).stdout).toMatch(/^line 12, hint 1\/3: Which label/)
    expect((await run('hint', 'section2')).stdout).toMatch(/^line 12, hint 2\/3/)
    const both = service.replace('app: ___________', 'app: web')
    writeFileSync(path.join(folder(), 'headless-service.yaml'), both)
    expect((await run('hint', 'section2')).stdout).toMatch(
      /^line 15, hint 1\/3: What would you call this port/,
    )
    const broken = service.replace('  selector', '\tselector')
    writeFileSync(path.join(folder(), 'headless-service.yaml'), broken)
    expect((await run('hint', 'section2')).stdout).toMatch(/^line 11 comes first\nthere is a tab here/)
  })
})

describe('sts-lab solution', () => {
  it('is not shown before the lab is passed, unless it is to be revealed', async () => {
    const refused = await run('solution', 'section2')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('--reveal')
    const { code, stdout } = await run('solution', 'section2', '--reveal')
    expect(code).toBe(0)
    expect(stdout).not.toContain('____')
    const documents = stdout.split('---\n').map((text) => parseDocument(text).toJS() as unknown)
    expect(documents).toMatchObject([
      { kind: 'Service', spec: { clusterIP: 'None' } },
      { kind: 'StatefulSet', spec: { serviceName: 'web-headless', replicas: 3 } },
    ])
  })

  it('is shown file by file, as far as one has come', async () => {
    kept({ steps: { service: DONE } })
    const { code, stdout, stderr } = await run('solution', 'section2')
    expect(code).toBe(0)
    expect(stdout).toContain('kind: Service')
    expect(stdout).not.toContain('kind: StatefulSet')
    expect(stderr).toContain('statefulset.yaml')
  })

  it('of a repair is what was done, with the files for it', async () => {
    expect(await run('solution', 'mistake-3')).toMatchObject({ code: 2, stdout: '' })
    const revealed = await run('solution', 'mistake-4', '--reveal')
    expect(revealed.stdout).toContain('# $ kubectl -n mistake-4 delete pvc data-shop-4\n')
    const { stdout } = await run('solution', 'mistake-1', '--reveal')
    expect(stdout).toMatch(/# \$ kubectl apply -f \S+fixed\/service\.yaml\n/)
    expect(parseDocument(stdout).toJS()).toMatchObject({ kind: 'Service', spec: { clusterIP: 'None' } })
  })
})
