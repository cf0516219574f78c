import { describe, it } from 'vitest'
import { BEHAVIOURS } from '../embedded/support/behaviours.ts'
import { theCluster } from './support/cluster.ts'
import { realStages } from './support/real-stages.ts'

// What the practice cluster does in test/embedded/behaviours.test.ts, a real one does too: nobody's memory of it.
const stages = realStages()

describe('a real cluster does what is demanded of the practice cluster', () => {
  it.concurrent.for(BEHAVIOURS)('$name', { timeout: 240_000 }, async ({ play, since = 0, long }, context) => {
    if (theCluster().provider !== 'native cluster')
      context.skip('played on the native cluster, whose user has a token')
    if (stages.minor < since) context.skip(`Kubernetes has it from 1.${since} on`)
    if (long && process.env.STS_LAB_LONG === undefined)
      context.skip('takes a minute: set STS_LAB_LONG to play it')
    const stage = await stages.open('behaviour')
    try {
      await play(stage)
    } finally {
      await stage.close()
    }
  })
})
