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

const CREATED_TOO_EARLY = perfectPass({
  regrow: (script) => {
    script.begin('regrow').scale(0, 3).comesUp(0).pod(1, 'added').pod(2, 'added')
    script.pod(1, 'modified', { ready: true }).pod(2, 'modified', { ready: true }).end('regrow')
  },
})
const GROWN_TOO_EARLY = perfectPass({
  grow: (script) => {
    script.begin('grow').scale(3, 5).claim(3, 'added').claim(4, 'added').pod(3, 'added').pod(4, 'added')
    script.pod(3, 'modified', { ready: true }).pod(4, 'modified', { ready: true }).end('grow')
  },
})
const REMOVED_TOO_EARLY = perfectPass({
  shrink: (script) => {
    script
      .begin('shrink')
      .scale(5, 0)
      .pod(4, 'modified', { terminating: true })
      .pod(3, 'modified', { terminating: true })
    script.pod(4, 'deleted').pod(3, 'deleted').goes(2).goes(1).goes(0).end('shrink')
  },
})
const CLAIM_REPLACED = perfectPass({
  regrow: (script) => {
    script.begin('regrow').scale(0, 3).claim(2, 'deleted').claim(2, 'added', { uid: 'another' })
    for (const ordinal of [0, 1, 2]) script.comesUp(ordinal)
    for (const ordinal of [0, 1, 2]) script.content(ordinal)
    script.end('regrow')
  },
})

describe('how the streams interleave', () => {
  const whole = perfectPass()

  it('changes no verdict on a correct set', () => {
    const expected = verdicts(whole)
    for (let seed = 1; seed <= 200; seed++)
      expect([seed, verdicts(interleave(whole, randomFrom(seed)))]).toEqual([seed, expected])
  })

  it('lets no fault of order through either', () => {
    for (let seed = 1; seed <= 200; seed++)
      expect([seed, verdicts(interleave(GROWN_TOO_EARLY, randomFrom(seed)))['ordered-scale-up']]).toEqual([
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

  it.each(['pods', 'claims'] as const)(
    'that swallows up to eight changes of the %s stream never makes a fail of a pass',
    (stream) => {
      let tried = 0
      for (const observations of swallowings(whole, stream)) {
        tried += 1
        expect(Object.entries(verdicts(observations)).filter(([, verdict]) => verdict === 'fail')).toEqual([])
      }
      expect(tried).toBeGreaterThan(10)
    },
  )

  it.each([
    ['sequential-creation', 'pods', CREATED_TOO_EARLY],
    ['ordered-scale-up', 'pods', GROWN_TOO_EARLY],
    ['ordered-scale-down', 'pods', REMOVED_TOO_EARLY],
    ['pvc-retention', 'claims', CLAIM_REPLACED],
    ['pvc-reuse', 'claims', CLAIM_REPLACED],
  ] as const)('never makes a pass of a fail of %s', (id, stream, spoilt) => {
    expect(verdicts(spoilt)[id]).toBe('fail')
    let tried = 0
    for (const observations of swallowings(spoilt, stream)) {
      tried += 1
      expect(verdicts(observations)[id]).not.toBe('pass')
    }
    expect(tried).toBeGreaterThan(10)
  })

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

/** Every way to swallow one to eight changes in a row, after the first list and never across a mark: a run waits for what it saw. */
function* swallowings(
  whole: readonly Observation[],
  stream: Observation['stream'],
): Generator<Observation[]> {
  const start = whole.findIndex((each) => each.stream === 'run')
  const places = whole.flatMap((each, index) => (each.stream === stream && index > start ? [index] : []))
  for (const [first, from] of places.entries()) {
    for (const to of places.slice(first, first + 8)) {
      if (whole.slice(from, to).some((each) => each.stream === 'run')) break
      yield swallow(whole, stream, from, to)
    }
  }
}

/** Leaves out a stream's changes from one place to another; there, a gap and a relist tell what is left of them. */
function swallow(
  whole: readonly Observation[],
  stream: Observation['stream'],
  from: number,
  to: number,
): Observation[] {
  const known = relistAfter(whole.slice(0, from), stream)
  const present = relistAfter(whole.slice(0, to + 1), stream)
  const uids = new Set(present.map(uidOf))
  const vanished = known
    .filter((each) => !uids.has(uidOf(each)))
    .map((each) => ({ ...each, type: 'vanished' }) as Observation)
  const between = whole.slice(from, to + 1).filter((each) => each.stream !== stream)
  const gap = { seq: 0, at: '', stream, type: 'gap', reason: '410 Gone' } as Observation
  return renumber([...whole.slice(0, from), ...between, gap, ...present, ...vanished, ...whole.slice(to + 1)])
}

const uidOf = (observation: Observation): string =>
  observation.stream === 'run' || observation.type === 'gap' ? '' : observation.object.uid

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
