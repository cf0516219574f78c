import { describe, expect, it } from 'vitest'
import { criteria } from '../../../src/criteria/index.ts'
import { debriefing } from '../../../src/report/debrief.ts'
import type { VerifyResult } from '../../../src/result.ts'
import { judge } from '../../../src/run/judge.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { aFile } from '../../helpers/script.ts'

const resultOf = (observations: readonly Observation[]): VerifyResult => ({
  schemaVersion: 1,
  tool: { name: 'sts-lab', version: '0.0.0' },
  lab: 'section3',
  cluster: null,
  target: { namespace: TARGET.namespace, statefulSet: TARGET.name, uid: TARGET.uid },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1000,
  ...judge({ observations, target: TARGET }),
  error: null,
})
const debriefed = (observations: readonly Observation[], columns = 80): string =>
  debriefing(resultOf(observations), observations, { columns, colour: false, unicode: true, criteria })
const flat = (text: string): string => text.replace(/\s+/g, ' ')

describe('the debrief of a run that passed', () => {
  const observations = perfectPass()
  const text = debriefed(observations)

  it('says of each criterion what it is about', () => {
    for (const { title, why } of criteria) {
      expect(text).toContain(title)
      expect(flat(text)).toContain(why)
    }
  })

  it('quotes the events that prove it, by number, time and name, and each of them is in the recording', () => {
    const added = observations.findLast(({ stream, type }) => stream === 'pods' && type === 'added')
    expect(flat(text)).toMatch(
      /web-2 was added \(event (\d+), 00:00:\d\d\) only after web-1 was ready \(event \d+,/,
    )
    expect(flat(text)).toContain(`web-2 was added (event ${added?.seq}, ${added?.at.slice(11, 19)})`)
    for (const [, seq = '', time] of flat(text).matchAll(/\(event (\d+), ([\d:]+)\)/g))
      expect(observations[Number(seq) - 1]?.at.slice(11, 19), `event ${seq}`).toBe(time)
  })

  it('tells the whole story of the pod that was replaced', () => {
    expect(flat(text)).toMatch(
      /sts-lab deleted web-1 \(event.*It was gone \(event.*a new web-1 \(event.*another UID.*ready \(event.*id\.txt says "this is web-1" \(event/,
    )
  })

  it('ends with how to remove the set, its service and its claims', () => {
    expect(text.trimEnd().split('\n').slice(-2)).toEqual([
      '  $ kubectl -n lab delete statefulset/web service/web-svc',
      '  $ kubectl -n lab delete pvc -l app=web',
    ])
  })

  it('stays within the width', () => {
    for (const columns of [60, 80])
      expect(
        debriefed(observations, columns)
          .split('\n')
          .filter((line) => line.length > columns),
      ).toEqual([])
  })

  it('never lets through what a pod wrote to act on the terminal', () => {
    const spoilt = observations.map(
      (each): Observation =>
        each.type === 'reading' && each.reading.read === 'content'
          ? {
              ...each,
              reading: { ...each.reading, files: [aFile({ text: `\u001b[2J${each.reading.pod}\u0007\n` })] },
            }
          : each,
    )
    expect(debriefed(spoilt)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})
