import { expect, it } from 'vitest'
import { playHastily } from '../embedded/support/play-hastily.ts'
import { playStudent } from '../embedded/support/play-student.ts'
import { practiceStages } from '../embedded/support/practice-stages.ts'
import type { Stage } from '../embedded/support/stage.ts'
import { theCluster } from './support/cluster.ts'
import { realStages } from './support/real-stages.ts'

const here = practiceStages()
const there = realStages()

// A find of one run is kept: its seed goes into this list. Others can be tried with STS_LAB_SEEDS=20,21.
const given = process.env.STS_LAB_SEEDS?.split(',').map(Number)

const PLAYS = [
  ...(given ?? [46, 57]).map((seed) => ({ seed, how: 'at random', turns: 8, play: playStudent })),
  ...(given ?? [1]).map((seed) => ({ seed, how: 'hastily', turns: 3, play: playHastily })),
]

it.concurrent.for(PLAYS)(
  'what a student does $how comes to the same on the practice cluster and on a real one (seed $seed)',
  { timeout: 240_000 },
  async ({ seed, turns, play }, context) => {
    if (theCluster().provider !== 'native cluster')
      context.skip('played on the native cluster, whose user has a token')
    const stages = [await here.open('student'), await there.open('student')]
    const [ours, theirs] = stages.map((stage: Stage) => play(stage, seed, turns))
    const done: unknown[] = []
    try {
      for (;;) {
        const [left, right] = await Promise.all([ours?.next(), theirs?.next()])
        if (left === undefined || right === undefined || left.done === true || right.done === true) break
        done.push(left.value)
        // What went before tells how it came to this.
        expect({ done, last: left.value }).toEqual({ done, last: right.value })
      }
    } finally {
      await Promise.all(stages.map((stage) => stage.close()))
    }
    expect(done).toHaveLength(turns)
  },
)
