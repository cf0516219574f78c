import { describe, it } from 'vitest'
import { BEHAVIOURS } from './support/behaviours.ts'
import { practiceStages } from './support/practice-stages.ts'

// The same plays run on a real cluster in test/e2e/embedded-behaviours.test.ts.
const stages = practiceStages()

describe('as the e2e tests of Kubernetes demand', () => {
  it.concurrent.for(BEHAVIOURS)('$name', { timeout: 120_000 }, async ({ play }) => {
    const stage = await stages.open('behaviour')
    try {
      await play(stage)
    } finally {
      await stage.close()
    }
  })
})
