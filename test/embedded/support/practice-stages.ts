import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/cluster.ts'
import { systemClock } from '../../../src/host/clock.ts'
import { openCluster } from '../../../src/kube/cluster.ts'
import { openStage, type Stage, type StageCluster } from './stage.ts'

/** A practice cluster for the tests of one file, each in a namespace of its own. */
export function practiceStages(): { open(prefix: string): Promise<Stage> } {
  let cluster: EmbeddedCluster
  let parts: StageCluster
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'stages-'))
    cluster = await startEmbeddedCluster({ speed: 'fast', folder })
    const kubeconfig = path.join(folder, 'kubeconfig')
    parts = {
      raw: { ...cluster.access, agent: new Agent({ ca: cluster.access.caPem, keepAlive: true }) },
      opened: await openCluster({ context: undefined, kubeconfig, env: {}, clock: systemClock }),
      speed: 20,
    }
  })
  afterAll(async () => {
    parts.opened.close()
    parts.raw.agent.destroy()
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { open: (prefix) => openStage(parts, prefix) }
}
