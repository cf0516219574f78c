import { writeFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { connectTo } from './connect.ts'
import type { E2eCluster, Offer } from './provider.ts'
import { k3s } from './providers/k3s.ts'
import { namedContext } from './providers/named-context.ts'
import { native } from './providers/native.ts'
import { removeOldNamespaces, untilAllGone } from './temporary-namespace.ts'
import { untilUsable } from './usable.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** null when the run is skipped. */
    readonly cluster: E2eCluster | null
  }
}

/** In the order in which they are tried. */
const PROVIDERS = [namedContext, k3s, native]

/** Finds a cluster for the e2e tests, waits until it can run pods, and takes down afterwards what should go. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const reasons: string[] = []
  for (const provider of PROVIDERS) {
    const offer: Offer = await provider.offer()
    if (offer.kind === 'not-applicable') {
      reasons.push(`${provider.name}: ${offer.reason}`)
      continue
    }
    const connection = await connectTo(offer.cluster)
    try {
      await untilUsable(connection)
      await removeOldNamespaces(connection)
    } catch (error) {
      await offer.tearDown()
      throw error
    } finally {
      connection.close()
    }
    process.stderr.write(`e2e on ${offer.cluster.provider}\n`)
    project.provide('cluster', offer.cluster)
    return async () => {
      const atEnd = await connectTo(offer.cluster)
      await untilAllGone(atEnd).finally(() => atEnd.close())
      await offer.tearDown()
    }
  }
  skipEverything(project, `no cluster to run on (${reasons.join('; ')})`)
  return async () => {}
}

/** Collected but not run: each test is reported as skipped, and no hook of theirs starts. */
function skipEverything(project: TestProject, reason: string): void {
  project.provide('cluster', null)
  project.config.testNamePattern = /(?!)/
  process.stderr.write(`e2e skipped: ${reason}\n`)
  const report = process.env.STS_LAB_E2E_SKIP_REPORT
  if (report !== undefined) writeFileSync(report, reason)
}
