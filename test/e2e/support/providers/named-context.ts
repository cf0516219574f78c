import { readKubeconfig } from '../../../../src/kube/kubeconfig.ts'
import { writeKubeconfig } from '../kubeconfig-file.ts'
import { notApplicable, type Provider } from '../provider.ts'

/** STS_LAB_E2E_CONTEXT: any context of the developer's kubeconfig. */
export const namedContext: Provider = {
  name: 'STS_LAB_E2E_CONTEXT',
  async offer() {
    const context = process.env.STS_LAB_E2E_CONTEXT
    if (context === undefined || context === '') return notApplicable('it is not set')
    const config = await readKubeconfig({ context, kubeconfig: undefined, env: process.env })
    const file = writeKubeconfig({ context, cluster: config.cluster, user: config.user })
    return {
      kind: 'ready',
      cluster: { kubeconfig: file.path, context, provider: `context ${context}` },
      // The cluster is the developer's: it stays.
      tearDown: async () => file.remove(),
    }
  },
}
