import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabProgress, StepProgress } from '../../src/run/progress.ts'
import { keepProgress } from '../helpers/kept-progress.ts'
import { runCli, startCli } from '../helpers/run-cli.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sts-lab-study-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
const run = (...args: string[]) =>
  runCli(args, { env: { STS_LAB_HOME: home, LC_ALL: 'C.UTF-8', COLUMNS: '80' } })

describe('explain', () => {
  it('lists its topics, and shows one within the width, without colours off a terminal', async () => {
    const list = await run('explain')
    expect(list).toMatchObject({ code: 0, stderr: '' })
    expect(list.stdout).toMatch(/^when-to-use +the comparison/m)
    const topic = await run('explain', 'deployment')
    expect(topic.code).toBe(0)
    expect(topic.stdout).toContain('sts-lab quiz when-to-use')
    expect(topic.stdout).not.toContain('\u001b')
    for (const line of topic.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('says what was meant, and finds words', async () => {
    const mistyped = await run('explain', 'headles-service')
    expect(mistyped).toMatchObject({ code: 2, stdout: '' })
    expect(mistyped.stderr).toContain('sts-lab explain headless-service')
    const found = await run('explain', '--search', 'multi-attach')
    expect(found.stdout).toMatch(/^troubleshooting[\s\S]*Multi-Attach error/)
    expect((await run('explain', '--search', 'retantion')).stderr).toContain('did you mean "retention"?')
  })

  it('draws in ASCII where nothing else is understood', async () => {
    const { stdout } = await runCli(['explain', 'apartments'], { env: { STS_LAB_HOME: home, LC_ALL: 'C' } })
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/)
    expect(stdout).toContain('+- StatefulSet "db"')
  })
})

describe('quiz', () => {
  it('without a terminal says what to do instead, and keeps nothing', async () => {
    const { code, stdout, stderr } = await run('quiz')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('sts-lab quiz --list')
    expect(readdirSync(home)).toEqual([])
  })

  it('prints its questions, as JSON too', async () => {
    const { stdout } = await run('quiz', 'dns', '--list')
    expect(stdout).toContain('What makes a service "headless"?')
    expect(stdout).not.toMatch(/claims/i)
    const { questions } = JSON.parse((await run('quiz', '-o', 'json')).stdout)
    expect(questions.length).toBeGreaterThanOrEqual(35)
    expect(questions[0]).toMatchObject({ id: expect.any(String), topic: expect.any(String), kept: null })
  })

  it('refuses a topic and a question that there are not', async () => {
    expect((await run('quiz', 'dnss')).stderr).toContain('→ sts-lab quiz dns')
    expect((await run('quiz', '--question', 'link-feild')).stderr).toContain(
      '→ sts-lab quiz --question link-field',
    )
  })
})

describe('plan', () => {
  const items = async (): Promise<{ id: string; done: boolean; by: unknown }[]> =>
    JSON.parse((await run('plan', '-o', 'json')).stdout).phases.flatMap(
      (phase: { items: unknown[] }) => phase.items,
    )
  const done = async (): Promise<string[]> => (await items()).filter((item) => item.done).map(({ id }) => id)

  it('ticks by what was done, and says what comes next', async () => {
    expect(await done()).toEqual([])
    keep('section1.json', { steps: { create: passed, grow: passed, dns: failed } })
    expect(await done()).toEqual(['create-and-names', 'scale'])
    const { stdout } = await run('plan')
    expect(stdout).toContain('proven by section1 (create)')
    expect(stdout).toMatch(/^next: sts-lab \w+/m)
  })

  it('lets hands tick only what nothing here can prove', async () => {
    expect(await run('plan', '--done', 'restore-tried')).toMatchObject({ code: 0 })
    expect(await done()).toEqual(['restore-tried'])
    const provable = await run('plan', '--done', 'scale')
    expect(provable).toMatchObject({ code: 2, stdout: '' })
    expect(provable.stderr).toContain('sts-lab start section1')
    await run('plan', '--undone', 'restore-tried')
    expect(await done()).toEqual([])
  })

  it('loses no tick when two terminals write at once', async () => {
    const both = ['restore-tried', 'operator-tried']
    const results = await Promise.all(
      both.flatMap((id) => [id, id, id]).map((id) => run('plan', '--done', id)),
    )
    expect(results.map(({ code }) => code)).toEqual(results.map(() => 0))
    expect((await done()).sort()).toEqual(both.sort())
    expect(readdirSync(home)).toEqual(['study.json'])
  })

  it('finds a whole file after a kill in the middle of writing, and writes again', async () => {
    await run('plan', '--done', 'restore-tried')
    // What a killed process leaves: its lock, and the half of a file that it was writing.
    writeFileSync(join(home, '.study.json.1-dead'), '{"half')
    writeFileSync(join(home, 'study.json.lock'), `${hostname()} 4194999 long-gone\n`)
    for (const delayMs of [0, 40, 80, 120, 160]) {
      const { process, result } = startCli(['plan', '--done', 'operator-tried'], {
        env: { STS_LAB_HOME: home },
      })
      setTimeout(() => process.kill('SIGKILL'), delayMs)
      await result
      expect(JSON.parse(readFileSync(join(home, 'study.json'), 'utf8')).ticked).toHaveProperty(
        'restore-tried',
      )
    }
    expect(await run('plan', '--done', 'operator-tried')).toMatchObject({ code: 0 })
    expect(await done()).toEqual(['restore-tried', 'operator-tried'])
  })
})

describe('progress', () => {
  it('goes to another machine and back, and nothing is lost', async () => {
    keep('section1.json', { steps: { create: passed } })
    await run('plan', '--done', 'restore-tried')
    const file = join(home, 'carried.json')
    expect((await run('progress', 'export', file)).stdout).toContain('1 lab, quiz and plan')
    const elsewhere = mkdtempSync(join(tmpdir(), 'sts-lab-study-'))
    try {
      const there = (...args: string[]) => runCli(args, { env: { STS_LAB_HOME: elsewhere } })
      expect((await there('progress', 'import', file)).stdout).toContain('section1: took 1')
      expect(JSON.parse((await there('status', 'section1', '-o', 'json')).stdout)).toMatchObject({
        begun: true,
        current: 'create',
      })
      const again = await there('progress', 'import', file)
      expect(again.stdout).toContain('section1: nothing new')
      expect(again.stdout).toMatch(/What was here before is in .*before-import-/)
      expect((await there('progress', 'export', '-')).stdout).toContain('"restore-tried"')
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  it('of another version is told by status and list', async () => {
    keep('section1.json', {})
    keep('section1.v99.json', { labVersion: 99 })
    const { stdout } = await run('status', 'section1')
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/progress of version 99 is kept in .*section1\.v99\.json/)
    expect((await run('list')).stdout.replace(/\s+/g, ' ')).toContain('progress of version 99 is kept aside')
  })

  it('refuses to import what is not ours, and to export over it', async () => {
    const notes = join(home, 'notes.txt')
    writeFileSync(notes, 'mine')
    expect((await run('progress', 'import', notes)).stderr).toContain('is not JSON')
    expect(await run('progress', 'import', join(home, 'none.json'))).toMatchObject({ code: 2 })
    expect(await run('progress', 'import', home)).toMatchObject({ code: 2 })
    expect(await run('progress', 'export', notes)).toMatchObject({ code: 2 })
    expect(readFileSync(notes, 'utf8')).toBe('mine')
  })
})

const passed: StepProgress = {
  doneAt: '2026-01-01T00:00:00.000Z',
  skipped: false,
  verdicts: { x: 'pass' },
  hints: 0,
}
const failed: StepProgress = { ...passed, verdicts: { x: 'fail' } }

const keep = (name: string, facts: Partial<LabProgress>): void =>
  keepProgress(home, name, { lab: 'section1', ...facts })
