import { parse } from 'yaml'
import { writeKubeconfig } from '../kubeconfig-file.ts'
import { notApplicable, type Provider } from '../provider.ts'

const IMAGE = 'rancher/k3s:v1.34.1-k3s1'
/** testcontainers says it in these words only: its error has no code. */
const NO_RUNTIME = 'Could not find a working container runtime strategy'
/** "k3d-" makes it a lab cluster by name; k3s calls everything "default". */
const CONTEXT = 'k3d-sts-lab-e2e'

/** K3s in a Docker container, kept for the next run unless STS_LAB_E2E_DOWN or CI is set. */
export const k3s: Provider = {
  name: 'Docker',
  async offer() {
    const disposable = process.env.CI === 'true' || process.env.STS_LAB_E2E_DOWN === '1'
    // Read by testcontainers when it is imported.
    if (!disposable) process.env.TESTCONTAINERS_REUSE_ENABLE = 'true'
    const { getContainerRuntimeClient } = await import('testcontainers')
    try {
      await getContainerRuntimeClient()
    } catch (error) {
      if (error instanceof Error && error.message === NO_RUNTIME)
        return notApplicable('no container runtime answers')
      throw error
    }
    const { K3sContainer } = await import('@testcontainers/k3s')
    const container = new K3sContainer(IMAGE).withStartupTimeout(240_000)
    const started = await (disposable ? container : container.withReuse()).start()
    const file = writeKubeconfig({ context: CONTEXT, ...onlyEntry(started.getKubeConfig()) })
    return {
      kind: 'ready',
      cluster: { kubeconfig: file.path, context: CONTEXT, provider: `K3s in Docker (${IMAGE})` },
      async tearDown() {
        file.remove()
        if (disposable) await started.stop()
      },
    }
  },
}

function onlyEntry(kubeconfig: string): { readonly cluster: unknown; readonly user: unknown } {
  const { clusters, users } = parse(kubeconfig) as {
    readonly clusters: readonly { readonly cluster: unknown }[]
    readonly users: readonly { readonly user: unknown }[]
  }
  return { cluster: clusters[0]?.cluster, user: users[0]?.user }
}
