import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { constraints } from '../../../src/criteria/constraints.ts'
import { criteria } from '../../../src/criteria/index.ts'
import { readRecording, writeRecording } from '../../../src/timeline/jsonl.ts'

/**
 * Recordings of real runs: `NAME.jsonl` as `sts-lab verify --evidence` wrote it, and `NAME.expected.json` with
 * what it must come to: { "criteria": { "pod-naming": "pass", … }, "constraints": { … } }, all of them.
 */
const folder = new URL('../../fixtures/recordings/', import.meta.url)
const files = readdirSync(folder)
const recordings = files
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.slice(0, -'.jsonl'.length))
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')

describe('recordings of real runs', () => {
  it('each have their expected verdicts, and no expectation is left without one', () => {
    const expected = files
      .filter((file) => file.endsWith('.expected.json'))
      .map((file) => file.slice(0, -'.expected.json'.length))
    expect(recordings).not.toEqual([])
    expect(expected.sort()).toEqual(recordings.sort())
  })

  for (const name of recordings) {
    it(`${name} is judged as expected, and written back byte for byte`, () => {
      const text = read(`${name}.jsonl`)
      const recording = readRecording(text, `${name}.jsonl`)
      const evidence = { observations: recording.observations, target: recording.header.target }
      expect({
        criteria: Object.fromEntries(criteria.map((each) => [each.id, each.judge(evidence).verdict])),
        constraints: Object.fromEntries(constraints.map((each) => [each.id, each.judge(evidence).verdict])),
      }).toEqual(JSON.parse(read(`${name}.expected.json`)))
      expect(writeRecording(recording)).toBe(text)
    })

    it(`${name}, cut off at any moment, fails only what it fails in the end`, () => {
      const { header, observations } = readRecording(read(`${name}.jsonl`), name)
      const expected: { criteria: Record<string, string> } = JSON.parse(read(`${name}.expected.json`))
      const sound = criteria.filter(({ id }) => expected.criteria[id] !== 'fail')
      for (let length = 0; length <= observations.length; length++) {
        const evidence = { observations: observations.slice(0, length), target: header.target }
        const failed = sound.filter((each) => each.judge(evidence).verdict === 'fail').map((each) => each.id)
        expect([length, failed]).toEqual([length, []])
      }
    })
  }
})
