import { describe, expect, it } from 'vitest'
import { boardLines } from '../../../src/report/board.ts'
import { jsonReport } from '../../../src/report/json.ts'
import { junitReport } from '../../../src/report/junit.ts'
import { createLive } from '../../../src/report/live.ts'
import { createPaint } from '../../../src/report/paint.ts'
import { textReport } from '../../../src/report/text.ts'
import { timelinePicture } from '../../../src/report/timeline-picture.ts'
import type { VerifyResult } from '../../../src/result.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { stateAfter } from '../../../src/timeline/state.ts'
import { Timeline } from '../../../src/timeline/timeline.ts'
import { aClock, aTerminal } from './fake-terminal.ts'
import { aVerifyRecording, target } from './recordings.ts'
import { aMixedResult, criteria } from './results.ts'

// Clear the screen, write the clipboard (OSC 52), return the carriage, NUL, C1 CSI, turn the direction, hide.
const evil = '\u001b[2J\u001b]52;c;ZXZpbA==\u0007\r\u0000\u009b31m\u202e\u2066\u200b'
const dangerous = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/
const styling = /\u001b\[[0-9;]*m/g

// What a reporter switches on is not text from outside.
const kept = [
  'verdict',
  'id',
  'type',
  'stream',
  'at',
  'kind',
  'uid',
  'phase',
  'boundary',
  'do',
  'namespace',
  'createdAt',
]

/** Every text of a value, at any depth, with the escape codes in the middle of it. */
function spoil<T>(value: T): T {
  const walk = (node: unknown, key: string): unknown => {
    if (typeof node === 'string')
      return kept.includes(key) ? node : `${node.slice(0, 3)}${evil}${node.slice(3)}`
    if (Array.isArray(node)) return node.map((item) => walk(item, key))
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, walk(child, name)]))
  }
  // The same shape comes back: only texts were changed.
  return walk(value, '') as T
}

const observations: readonly Observation[] = spoil([...aVerifyRecording({ rush: true })])
const result: VerifyResult = {
  ...spoil(aMixedResult(aVerifyRecording({ rush: true }))),
  error: { code: `code${evil}`, message: `message${evil}`, hint: `hint${evil}` },
}
const evilTarget = { ...target, name: `web${evil}` }

describe('escape codes from outside', () => {
  it('are in the test data', () => {
    expect(JSON.stringify(result)).toContain('\\u001b[2J')
    expect(
      observations.some((o) => o.stream === 'pods' && o.type !== 'gap' && o.object.name.includes(evil)),
    ).toBe(true)
  })

  it.each([false, true])('never reach the text report raw (colour: %s)', (colour) => {
    const text = textReport(result, observations, {
      columns: 100,
      colour,
      unicode: true,
      criteria: spoil(criteria),
    })
    expect(text.replace(styling, '')).not.toMatch(dangerous)
    expect(text).toContain('\\x1b[2J')
  })

  it('never reach the picture raw', () => {
    const picture = timelinePicture(observations, evilTarget, { columns: 200, colour: false, ascii: false })
    expect(picture).not.toBe('')
    expect(picture).not.toMatch(dangerous)
  })

  it('never reach the board raw', () => {
    const lines = boardLines(
      {
        state: stateAfter(observations),
        target: { ...target, name: null, uid: null },
        phase: { text: `phase${evil}`, elapsedMs: 0, spinner: '-' },
        waiting: `waiting${evil}`,
        news: [`news${evil}`],
      },
      { columns: 200, rows: 60, now: new Date(0), paint: createPaint(false), unicode: true },
    )
    expect(lines.length).toBeGreaterThan(8)
    expect(lines.join('\n')).not.toMatch(dangerous)
  })

  it('never reach plain progress raw', () => {
    const { terminal, stderr } = aTerminal()
    const live = createLive(terminal, aClock().clock)
    const timeline = new Timeline(() => new Date(0))
    live.attach(timeline, { ...target, name: null })
    for (const observation of observations) timeline.append(observation)
    live.say(`said${evil}`)
    live.phase('grow', `growing${evil}`)
    live.waiting(`waiting${evil}`)
    live.stop()
    expect(stderr()).toContain('\\x1b[2J')
    expect(stderr()).not.toMatch(dangerous)
  })

  it('are spelt out in JUnit, where XML has no way to carry them', () => {
    const xml = junitReport(result)
    expect(xml).toContain('\\x1b[2J')
    expect(xml).not.toMatch(dangerous)
  })

  it('come through JSON as escapes, whole for whoever parses it', () => {
    const json = jsonReport(result)
    expect(json).not.toMatch(dangerous)
    expect(JSON.parse(json)).toEqual(result)
  })
})
