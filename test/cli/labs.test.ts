import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-course-'))
  cpSync('labs/example', path.join(folder, 'course'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const course = (): string => path.join(folder, 'course')
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  runCli(args, { env: { STS_LAB_HOME: path.join(folder, 'home'), ...env } })

describe('sts-lab labs lint', () => {
  it('has nothing against our labs, nor against the example', async () => {
    const ours = await run(['labs', 'lint'])
    expect(ours.stdout).toMatch(/no problem\n$/)
    expect(ours.code).toBe(0)
    const example = await run(['--labs', 'labs/example', 'labs', 'lint'])
    expect(example.stdout).toBe('1 lab: no problem\n')
    expect(example.code).toBe(0)
  })

  it('shows every problem at once, in the lab and in its manifests, with line and caret', async () => {
    const file = path.join(course(), 'two-members.yaml')
    const set = path.join(course(), 'manifests/two-members/set.yaml')
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('proof: { check: sequential-creation }', 'proof: { check: order }'),
    )
    writeFileSync(set, readFileSync(set, 'utf8').replace('  replicas: 2', '  replica: 2'))
    const { code, stdout } = await run(['labs', 'lint', '--labs', course()])
    expect(code).toBe(2)
    expect(stdout).toMatch(
      /two-members.yaml:\d+:\d+: there is no check of the step "order"\n +\d+ \| .*\n +\^\n/,
    )
    expect(stdout).toContain(
      'set.yaml:10:3: unknown field "replica": did you mean "replicas"?\n   10 |   replica: 2\n          ^\n',
    )
    expect(stdout).toMatch(/1 lab: 2 problems\n$/)
    const json = await run(['labs', 'lint', '-o', 'json', '--labs', course()])
    expect(json.code).toBe(2)
    expect(JSON.parse(json.stdout)).toMatchObject({
      schemaVersion: 1,
      problems: 2,
      labs: [{ lab: 'two-members', problems: [{ column: expect.any(Number) }, { line: 10, column: 3 }] }],
    })
  })

  it('tells what cannot be read at all', async () => {
    writeFileSync(path.join(course(), 'broken.yaml'), 'id: broken\ntitle: [\n')
    const { code, stdout } = await run(['labs', 'lint', 'broken', '--labs', course()])
    expect(code).toBe(2)
    expect(stdout).toContain('broken.yaml:')
    expect(stdout).toContain('not valid YAML')
  })
})

describe('somebody else’s course', () => {
  it('is listed with a lab in it that cannot be read, and with what tells why', async () => {
    writeFileSync(path.join(course(), 'broken.yaml'), 'id: broken\ntitle: [\n')
    const { code, stdout } = await run(['list', '--labs', course()])
    expect(code).toBe(0)
    expect(stdout).toContain('two-members')
    expect(stdout).toContain('cannot be read: sts-lab labs lint broken')
  })

  it('is taken with --labs or STS_LAB_LABS, before the command or after it', async () => {
    for (const [args, env] of [
      [['--labs', course(), 'list'], {}],
      [['list', '--labs', course()], {}],
      [['list'], { STS_LAB_LABS: course() }],
    ] as const) {
      const { code, stdout } = await run(args, env)
      expect(code).toBe(0)
      expect(stdout).toContain('two-members')
      expect(stdout).not.toContain('section1')
    }
  })

  it('keeps its progress apart from ours, and from another of the same name', async () => {
    const elsewhere = path.join(folder, 'elsewhere', 'course')
    cpSync(course(), elsewhere, { recursive: true })
    expect((await run(['next', 'example', '--labs', course()])).code).toBe(0)
    const status = async (dir: string) =>
      JSON.parse((await run(['status', 'two-members', '-o', 'json', '--labs', dir])).stdout)
    expect(await status(course())).toMatchObject({ begun: true, current: 'create' })
    expect(await status(elsewhere)).toMatchObject({ begun: false })
    expect(readdirSync(path.join(folder, 'home'))).toEqual(['courses'])
  })

  it('is a wrong request where there is none', async () => {
    const { code, stderr } = await run(['list', '--labs', path.join(folder, 'nowhere')])
    expect(code).toBe(2)
    expect(stderr).toContain('there is no folder')
    const empty = await run(['list', '--labs', folder])
    expect(empty.code).toBe(2)
    expect(empty.stderr).toContain('there is no lab')
  })

  it('does not keep us from our own labs', async () => {
    const { stdout } = await run(['list', '--labs', 'labs'])
    expect(stdout).toContain('section1')
  })
})

describe('sts-lab labs test', () => {
  it('refuses a folder for recordings that it cannot make, before it asks for a cluster', async () => {
    const file = path.join(course(), 'two-members.yaml')
    const refused = await run(['labs', 'test', '--labs', course(), '--recordings', file])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`--recordings ${file}: `)
  })

  it('refuses a play or a number of jobs that there is not, before it asks for a cluster', async () => {
    const play = await run(['labs', 'test', '--labs', course(), '--only', 'paralel'])
    expect(play.code).toBe(2)
    expect(play.stderr).toContain('did you mean parallel?')
    const jobs = await run(['labs', 'test', '--labs', course(), '--jobs', '0'])
    expect(jobs.code).toBe(2)
    expect(jobs.stderr).toContain('--jobs')
  })
})

it('the labs of the project name their schema for editors', () => {
  for (const name of readdirSync('labs').filter((each) => each.endsWith('.yaml')))
    expect(readFileSync(`labs/${name}`, 'utf8'), name).toMatch(
      /^# yaml-language-server: \$schema=lab\.schema\.json\n/,
    )
})
