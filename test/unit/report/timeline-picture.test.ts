import { describe, expect, it } from 'vitest'
import { cellWidth } from '../../../src/report/layout.ts'
import { timelinePicture } from '../../../src/report/timeline-picture.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { aPod, aRecorder, aSet, aVerifyRecording, target } from './recordings.ts'

const options = { columns: 100, colour: false, ascii: false }
const draw = (
  observations: readonly Observation[],
  extra: Partial<Parameters<typeof timelinePicture>[2]> = {},
): string => timelinePicture(observations, target, { ...options, ...extra })

/** The drawn part of the lane with this label. */
const lane = (picture: string, label: string): string => {
  const line = picture.split('\n').find((candidate) => candidate.trimStart().startsWith(`${label} `))
  if (line === undefined) throw new Error(`no lane ${label} in\n${picture}`)
  return line.replace(label, ' '.repeat(label.length))
}

const twenty = (): readonly Observation[] => {
  const r = aRecorder()
  for (let n = 0; n < 20; n += 1) r.up(`web-${n}`)
  r.act({ do: 'scale', set: 'web', from: 20, to: 0 })
  for (let n = 19; n >= 0; n -= 1) r.down(`web-${n}`)
  return r.timeline.observations
}

describe('the timeline picture', () => {
  it('shows a later event never to the left of an earlier one, and what is milliseconds apart apart', () => {
    const r = aRecorder()
    r.up('web-0', 3000)
    r.up('web-1', 3000)
    const picture = draw(r.timeline.observations)
    const readyOf0 = lane(picture, 'web-0').indexOf('●')
    const createdOf1 = lane(picture, 'web-1').indexOf('○')
    expect(readyOf0).toBeGreaterThan(0)
    expect(createdOf1).toBeGreaterThan(readyOf0)
  })

  it('shows pods created before their predecessor was ready to the left of its readiness', () => {
    const picture = draw(aVerifyRecording({ rush: true }))
    expect(lane(picture, 'web-1').lastIndexOf('○')).toBeLessThan(lane(picture, 'web-0').lastIndexOf('●'))
  })

  it('keeps the order when our clock is set back', () => {
    const r = aRecorder()
    r.added('web-0')
    r.wait(30_000).added('web-1')
    r.wait(-20_000).ready('web-0')
    r.wait(15_000).ready('web-1')
    const picture = draw(r.timeline.observations)
    const order = [
      lane(picture, 'web-0').indexOf('○'),
      lane(picture, 'web-1').indexOf('○'),
      lane(picture, 'web-0').indexOf('●'),
      lane(picture, 'web-1').indexOf('●'),
    ]
    expect(order).not.toContain(-1)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(new Set(order).size).toBe(4)
  })

  it('keeps the lives of one name in one lane', () => {
    const picture = draw(aVerifyRecording())
    const replaced = lane(picture, 'web-1').trim()
    expect(replaced).toMatch(/^━+▽╌*╳ *○┄*●━+▽╌*╳ +○┄*●━+$/)
    expect(picture.split('\n').filter((line) => line.startsWith(' web-1 '))).toHaveLength(1)
  })

  it('shows a claim as one unbroken line through the lives of its pod', () => {
    expect(lane(draw(aVerifyRecording()), 'www-web-1').trim()).toMatch(/^─+$/)
    expect(lane(draw(aVerifyRecording()), 'www-web-4').trim()).toMatch(/^◇┄*◆─+$/)
  })

  it('shows a claim that was deleted and made anew as broken', () => {
    const r = aRecorder()
    r.timeline.append({ stream: 'statefulsets', type: 'listed', object: aSet() })
    r.listed('web-0')
    r.claim('www-web-0')
    r.wait(1000).claim('www-web-0', 'deleted')
    r.wait(1000).claim('www-web-0', 'added', { uid: 'another' })
    expect(lane(draw(r.timeline.observations), 'www-web-0').trim()).toMatch(/^─+╳ *◆─+$/)
  })

  it('names what sts-lab did above the column where it did it', () => {
    const lines = draw(aVerifyRecording()).split('\n')
    const labels = lines[0] ?? ''
    const pointers = lines[1] ?? ''
    for (const label of ['delete web-1', 'scale 3→5', 'scale 5→0', 'scale 0→3']) {
      expect(pointers[labels.indexOf(label)]).toBe('▼')
    }
  })

  it('points at cited events with their numbers', () => {
    const observations = aVerifyRecording({ rush: true })
    const picture = draw(observations, { cited: [35, 38, 9999] })
    expect(picture).toContain('#35')
    expect(picture).toContain('#38')
    expect(picture).not.toContain('#9999')
  })

  it.each([20, 40, 60, 80, 100, 160])('stays within %i columns for 20 pods', (columns) => {
    for (const ascii of [true, false]) {
      const picture = draw(twenty(), { columns, ascii })
      if (columns >= 40)
        for (const line of picture.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(columns)
      expect(picture).toContain(ascii ? 'V' : '▼')
    }
  })

  it('stays within its columns for long names, and keeps their ordinals', () => {
    const long = `${'very-long-name-'.repeat(4)}of-a-set`
    const timeline = aRecorder()
    for (const n of [0, 1, 12]) timeline.up(`${long}-${n}`)
    const picture = draw(timeline.timeline.observations, { columns: 80 })
    for (const line of picture.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(80)
    expect(picture).toMatch(/…\S*-12 /)
  })

  it('uses only ASCII where asked to', () => {
    expect(draw(aVerifyRecording(), { ascii: true, cited: [20] })).toMatch(/^[\n -~]*$/)
  })

  it('is empty when nothing was seen', () => {
    expect(draw([])).toBe('')
  })

  it('shows the other pods, and says so, when none belongs to the set', () => {
    const r = aRecorder()
    r.timeline.append({
      stream: 'pods',
      type: 'listed',
      object: aPod({ name: 'web-0', controller: null, ready: true }),
    })
    r.wait(1000)
    r.timeline.append({ stream: 'pods', type: 'modified', object: aPod({ name: 'web-0', controller: null }) })
    const picture = draw(r.timeline.observations)
    expect(picture).toContain('No pod belongs to the set')
    expect(lane(picture, 'web-0')).toMatch(/━+┄+/)
  })

  it('marks a gap in what was watched', () => {
    const r = aRecorder()
    r.listed('web-0')
    r.wait(1000).timeline.append({ stream: 'pods', type: 'gap', reason: '410 Gone' })
    expect(draw(r.timeline.observations)).toContain('gap in pods')
  })
})
