import { describe, it } from 'vitest'
import { BEHAVIOURS } from '../embedded/support/behaviours.ts'
import { theCluster } from './support/cluster.ts'
import { realStages } from './support/real-stages.ts'

// What the practice cluster does in test/embedded/behaviours.test.ts, a real one does too: nobody's memory of it.
const stages = realStages()

/** The native cluster is a Kubernetes 1.20: what came later it cannot show. */
const its = BEHAVIOURS.filter(({ since = 0 }) => since <= 20)

describe('a real cluster does what is demanded of the practice cluster', () => {
  it.concurrent.for(its)('$name', { timeout: 240_000 }, async ({ play }, context) => {
    if (theCluster().provider !== 'native cluster')
      context.skip('played on the native cluster, whose user has a token')
    const stage = await stages.open('behaviour')
    try {
      await play(stage)
    } finally {
      await stage.close()
    }
  })
})
