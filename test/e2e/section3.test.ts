import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { VerifyResult } from '../../src/result.ts'
import type { LabProgress } from '../../src/run/progress.ts'
import { readRecording } from '../../src/timeline/jsonl.ts'
import { verifyResultSchema } from '../helpers/verify-result-schema.ts'
import { runCli } from './support/cluster.ts'
import { inNamespace } from './support/namespace.ts'
import { inventory } from './support/verify.ts'

/** "(event 41, 12:00:03)" in a text that was wrapped. */
const quotedEvents = (text: string) =>
  [...text.replace(/\s+/g, ' ').matchAll(/\(event (\d+), (\d\d:\d\d:\d\d)\)/g)].map(([, seq, time]) => ({
    seq: Number(seq),
    time,
  }))

describe('section 3', () => {
  const namespace = inNamespace('exam')
  const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-home-'))
  const flags = ['section3', '--namespace', namespace.name]
  const env = { STS_LAB_HOME: home }
  afterAll(() => rmSync(home, { recursive: true }))

  it('is solved and passed by --yes, which keeps the exam and explains it with its own events', async () => {
    const run = await runCli(['start', ...flags, '--yes'], { env })
    expect(run.code, `${run.stdout}\n${run.stderr}`).toBe(0)
    expect(run.stdout).toContain('10/10 passed')
    const debrief = run.stdout.slice(run.stdout.indexOf('Debrief'))
    expect(debrief).toMatch(
      /keeper-1\s+was\s+added\s+\(event\s+\d+,\s+[\d:]+\)\s+only\s+after\s+keeper-0\s+was\s+ready/,
    )
    expect(quotedEvents(debrief).length).toBeGreaterThan(20)
    expect(run.stdout).not.toContain('\u001b')

    const file = path.join(home, 'progress', `section3@${namespace.name}.json`)
    const { exam } = JSON.parse(readFileSync(file, 'utf8')) as LabProgress
    expect(exam).toMatchObject({
      score: 10,
      maxScore: 10,
      passedAt: exam?.at,
      verdicts: { 'pvc-reuse': 'pass' },
    })
  }, 300_000)

  it('is judged the same where no progress can be kept, and replayed with the same proof', async () => {
    const recording = path.join(home, 'run.jsonl')
    const run = await runCli(
      ['verify', '--allow-simulated', ...flags, '-o', 'json', '--evidence', recording],
      {
        env: { STS_LAB_HOME: '/dev/null/nowhere' },
      },
    )
    expect(run.code, run.stderr).toBe(0)
    expect(run.stderr).toContain('the result was not kept in the progress of section3')
    const result = JSON.parse(run.stdout) as VerifyResult
    expect(verifyResultSchema.safeParse(result).error?.issues ?? []).toEqual([])

    const replayed = await runCli(['replay', recording], { env })
    expect(replayed.code).toBe(0)
    const events = quotedEvents(replayed.stdout)
    expect(events.length).toBeGreaterThan(20)
    const { observations } = readRecording(readFileSync(recording, 'utf8'), recording)
    for (const { seq, time } of events) expect(observations[seq - 1]?.at.slice(11, 19)).toBe(time)
    const short = await runCli(['replay', recording, '--no-debrief'], { env })
    expect(short.stdout).not.toContain('Debrief')
    expect(replayed.stdout.startsWith(short.stdout)).toBe(true)
  }, 300_000)

  it('is cleaned away, claims and all', async () => {
    const run = await runCli(['clean', ...flags, '--yes'], { env })
    expect(run.code, run.stderr).toBe(0)
    expect(await inventory(namespace.api, namespace.name)).toEqual({
      set: null,
      pods: [],
      claims: [],
      configMaps: [],
      services: [],
    })
  })

  it('is stated and left alone without a terminal', async () => {
    const run = await runCli(['start', ...flags], { env })
    expect(run.code).toBe(0)
    expect(run.stdout).toContain(`sts-lab verify section3 --namespace ${namespace.name}`)
    expect(run.stdout).not.toContain('1/10')
  })
})
