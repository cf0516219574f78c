import type { Mutable } from '../object.ts'
import type { Pod } from '../shapes.ts'
import { forbidden } from '../status.ts'
import type { RuleContext } from './kind.ts'

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/**
 * The part of admission that every pod's description shows: its account, and a volume with what the account speaks to
 * the API by. Where accounts are not kept, in a bare API server, nothing is added.
 * @throws StatusError 403 for an account that is not there
 */
export function admitAccount(pod: Mutable<Pod>, context: RuleContext): void {
  const { spec, metadata } = pod
  spec.serviceAccountName ??= 'default'
  spec.serviceAccount = spec.serviceAccountName
  const accounts = context
    .list('serviceaccounts')
    .filter((account) => account.metadata.namespace === metadata.namespace)
  if (accounts.length === 0) return
  const account = accounts.find((each) => each.metadata.name === spec.serviceAccountName)
  if (account === undefined)
    throw forbidden(
      { group: '', kind: 'Pod', plural: 'pods' },
      metadata.name,
      `error looking up service account ${metadata.namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`,
    )
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) === false) return
  const without = [...(spec.initContainers ?? []), ...spec.containers].filter(
    ({ volumeMounts = [] }) => !volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH),
  )
  if (without.length === 0) return
  const name = `kube-api-access-${Array.from({ length: 5 }, () => LETTERS[Math.floor(Math.random() * LETTERS.length)]).join('')}`
  for (const container of without)
    container.volumeMounts = [
      ...(container.volumeMounts ?? []),
      { name, readOnly: true, mountPath: MOUNT_PATH },
    ]
  spec.volumes = [...(spec.volumes ?? []), { name, projected: { defaultMode: 0o644, sources: sources() } }]
}

const sources = () => [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  {
    downwardAPI: {
      items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
    },
  },
]
