import type { Clock, Cluster } from '../ports.ts'
import type { ClusterIdentity } from '../result.ts'
import { dnsFinding } from './doctor/dns.ts'
import type { Finding } from './doctor/finding.ts'
import { nodeFindings } from './doctor/nodes.ts'
import { rightsFinding } from './doctor/rights.ts'
import { storageFindings } from './doctor/storage.ts'
import { eachAtOnce } from './session.ts'

export interface DoctorReport {
  readonly cluster: ClusterIdentity
  readonly findings: readonly Finding[]
}

export interface DoctorOptions {
  /** Where the probe pod runs for a moment. */
  readonly namespace: string
  readonly probeImage: string
  /** Images the labs use. */
  readonly images: readonly string[]
}

/**
 * Looks a cluster over: version, nodes, default StorageClass, DNS, rights, images. Creates one pod for a moment
 * (to ask DNS from inside) and removes it.
 *
 * @throws LabError when the cluster cannot be reached.
 */
export async function examineCluster(
  options: DoctorOptions,
  dependencies: {
    readonly cluster: Cluster
    readonly clock: Clock
    readonly runId: string
    readonly signal: AbortSignal
    readonly tell: (reason: string | null) => void
  },
): Promise<DoctorReport> {
  const { cluster, signal } = dependencies
  const identity = await cluster.identity(signal)
  const version = versionFinding(identity)
  const looks = [
    () => nodeFindings(cluster, options.images, identity, signal),
    () => storageFindings(cluster, signal),
    () => rightsFinding(cluster, options.namespace, signal),
    () => dnsFinding(options, dependencies),
  ]
  const found = await eachAtOnce(looks, (look) => look())
  return { cluster: identity, findings: [...simulatedFindings(identity), version, ...found.flat()] }
}

function simulatedFindings({ simulated }: ClusterIdentity): readonly Finding[] {
  if (!simulated) return []
  const detail = 'the practice cluster, simulated by sts-lab: good for every lab, and no proof of anything'
  const remedy = 'for a real one: kind create cluster, or minikube start'
  return [{ id: 'simulated', title: 'Real cluster', status: 'note', detail, remedy }]
}

function versionFinding({ version, provider }: ClusterIdentity): Finding {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version)?.slice(1) ?? []).map(Number)
  const at = (wanted: number) => major > 1 || (major === 1 && minor >= wanted)
  const missing = [
    ...(at(27)
      ? []
      : ['persistentVolumeClaimRetentionPolicy (claims that are deleted with their pods: 1.27)']),
    ...(at(31) ? [] : ['spec.ordinals.start (ordinals that do not begin at 0: 1.31)']),
  ]
  return {
    id: 'version',
    title: 'Kubernetes version',
    status: at(18) ? (missing.length === 0 ? 'ok' : 'note') : 'problem',
    detail: `${version}, ${provider === 'unknown' ? 'provider not recognised' : provider}${missing.length === 0 ? '' : `; too old for ${missing.join(' and ')}`}`,
    remedy: at(18) ? null : 'server-side apply needs Kubernetes 1.18 or newer: create a newer lab cluster',
  }
}
