import type { Client } from '../client.ts'
import { DEFAULT_CLASS } from '../registry/storage.ts'

/** The name of the class that claims without one get. */
const STANDARD_CLASS = 'standard'

/** What is in a new cluster before anybody has done anything, the node aside. Made where it is missing. */
export function createStartingObjects(client: Client): void {
  if (client.get('storageclasses', undefined, STANDARD_CLASS) === null)
    client.create('storageclasses', {
      metadata: { name: STANDARD_CLASS, annotations: { [DEFAULT_CLASS]: 'true' } },
      provisioner: 'kubernetes.io/host-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    })
  if (client.get('services', 'default', 'kubernetes') === null)
    client.create('services', {
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        clusterIP: '10.96.0.1',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
      },
    })
}
