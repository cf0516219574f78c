import { afterAll, beforeAll } from 'vitest'
import { systemClock } from '../../../src/host/clock.ts'
import { openCluster } from '../../../src/kube/cluster.ts'
import { realCluster } from '../../embedded/support/real-cluster.ts'
import { openStage, type Stage, type StageCluster } from '../../embedded/support/stage.ts'
import { theCluster } from './cluster.ts'

/** Stages on the cluster of this run. Only a cluster whose user has a token, as the native one's, can be had so. */
export function realStages(): { open(prefix: string): Promise<Stage> } {
  let parts: StageCluster | null = null
  beforeAll(async () => {
    const { provider, context, kubeconfig } = theCluster()
    if (provider !== 'native cluster') return
    const opened = await openCluster({ context, kubeconfig, env: {}, clock: systemClock })
    parts = { raw: await realCluster(context, kubeconfig), opened, speed: 1 }
  })
  afterAll(() => {
    parts?.opened.close()
    parts?.raw.agent.destroy()
  })
  return {
    open(prefix) {
      if (parts === null) throw new Error('this run has no native cluster')
      return openStage(parts, prefix)
    },
  }
}
