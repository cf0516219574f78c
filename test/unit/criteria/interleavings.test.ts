import { describe, expect, it } from 'vitest'
import { criteria } from '../../../src/criteria/index.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { TARGET } from '../../helpers/builders.ts'
import { perfectPass, renumber } from '../../helpers/perfect-pass.ts'

const verdicts = (observations: readonly Observation[]) =>
  Object.fromEntries(
    criteria.map((criterion) => [criterion.id, criterion.judge({ observations, target: TARGET }).verdict]),
  )

/** A small generator with a fixed seed (mulberry32), so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Shuffles how the cluster's streams arrive between two marks of the run, each stream in its own order. */
function interleave(observations: readonly Observation[], random: () => number): Observation[] {
  const result: Observation[] = []
  let segment = new Map<string, Observation[]>()
  const flush = () => {
    for (;;) {
      const left = [...segment.values()].filter((queue) => queue.length > 0)
      const next = left[Math.floor(random() * left.length)]?.shift()
      if (next === undefined) break
      result.push(next)
    }
    segment = new Map()
  }
  for (const observation of observations) {
    if (observation.stream === 'run') {
      flush()
      result.push(observation)
    } else segment.set(observation.stream, [...(segment.get(observation.stream) ?? []), observation])
  }
  flush()
  return renumber(result)
}

describe('how the streams interleave', () => {
  const whole = perfectPass()

  it('changes no verdict on a correct set', () => {
    const expected = verdicts(whole)
    for (let seed = 1; seed <= 200; seed++)
      expect([seed, verdicts(interleave(whole, randomFrom(seed)))]).toEqual([seed, expected])
  })

  it('lets no fault of order through either', () => {
    const spoilt = perfectPass({
      grow: (script) => {
        script.begin('grow').scale(3, 5).claim(3, 'added').claim(4, 'added').pod(3, 'added').pod(4, 'added')
        script.pod(3, 'modified', { ready: true }).pod(4, 'modified', { ready: true }).end('grow')
      },
    })
    for (let seed = 1; seed <= 200; seed++)
      expect([seed, verdicts(interleave(spoilt, randomFrom(seed)))['ordered-scale-up']]).toEqual([
        seed,
        'fail',
      ])
  })
})

describe('a gap anywhere in a correct recording', () => {
  const whole = perfectPass()

  it.each(['pods', 'claims', 'statefulsets', 'services'] as const)(
    'in the %s stream never makes a fail of a pass',
    (stream) => {
      for (let at = 1; at < whole.length; at++) {
        const gap: Observation = { seq: 0, at: whole[at]?.at ?? '', stream, type: 'gap', reason: '410 Gone' }
        const relist = relistAfter(whole.slice(0, at), stream)
        const judged = verdicts(renumber([...whole.slice(0, at), gap, ...relist, ...whole.slice(at)]))
        expect([at, Object.entries(judged).filter(([, verdict]) => verdict === 'fail')]).toEqual([at, []])
      }
    },
  )

  it('leaves undecided what it could hide: a gap in the middle of growing', () => {
    const at = whole.findIndex(
      (each) => each.stream === 'pods' && each.type === 'added' && each.object.name === 'web-4',
    )
    const gap: Observation = { seq: 0, at: '', stream: 'pods', type: 'gap', reason: '410 Gone' }
    const judged = verdicts(
      renumber([...whole.slice(0, at), gap, ...relistAfter(whole.slice(0, at), 'pods'), ...whole.slice(at)]),
    )
    expect(Object.entries(judged).filter(([, verdict]) => verdict !== 'pass')).toEqual([
      ['ordered-scale-up', 'inconclusive'],
    ])
  })
})

/** What a relist right after would list: every object of the stream that is there. */
function relistAfter(observations: readonly Observation[], stream: Observation['stream']): Observation[] {
  const there = new Map<string, Observation>()
  for (const each of observations) {
    if (each.stream !== stream || each.stream === 'run' || each.type === 'gap') continue
    if (each.type === 'deleted') there.delete(each.object.uid)
    else there.set(each.object.uid, { ...each, type: 'listed' })
  }
  return [...there.values()]
}
