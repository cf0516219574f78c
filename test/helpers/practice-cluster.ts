import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedCluster } from '../../src/embedded/cluster.ts'

/** A practice cluster for a whole run, offered to its tests as the e2e suite is offered a real one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-practice-'))
  const { kubeconfig, stop } = await startEmbeddedCluster({ speed: 'fast', folder })
  if (kubeconfig === null) throw new Error('a cluster with a folder has a kubeconfig')
  project.provide('cluster', { kubeconfig, context: 'sts-lab-embedded', provider: 'the practice cluster' })
  return async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
