import { LabError, usageError } from '../errors.ts'

/** What a node says about where it runs. */
export interface NodeFacts {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly providerId: string
  readonly osImage: string
  readonly kubeletVersion: string
}

/** How the tools that make lab clusters name their contexts. */
const CONTEXTS: readonly (readonly [RegExp, string])[] = [
  [/^kind-./, 'kind'],
  [/^minikube$/, 'minikube'],
  [/^k3d-./, 'k3d'],
  [/^docker-(for-)?desktop$/, 'docker-desktop'],
  [/^rancher-desktop$/, 'rancher-desktop'],
  [/^colima(-.+)?$/, 'colima'],
  [/^orbstack$/, 'orbstack'],
  [/^native$/, 'native'],
  [/^sts-lab-embedded$/, 'embedded'],
]

/**
 * The lab cluster that a context's name stands for, or null. Anybody may call a context "minikube": the name
 * counts only while the API server is on this machine or in a private network, where such tools put it.
 */
export function recogniseContext(name: string, server: string): string | null {
  if (!isPrivate(server)) return null
  return CONTEXTS.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

/** The lab cluster that a node belongs to by its own account, or null. */
export function recogniseNode(node: NodeFacts, server: string): string | null {
  if (node.providerId.startsWith('kind://')) return 'kind'
  if ('minikube.k8s.io/name' in node.labels) return 'minikube'
  if (!isPrivate(server)) return null
  if (node.kubeletVersion.endsWith('+sts-lab-simulated')) return 'embedded'
  const k3s =
    node.providerId.startsWith('k3s://') || node.labels['node.kubernetes.io/instance-type'] === 'k3s'
  if (k3s && node.name.startsWith('k3d-')) return 'k3d'
  if (node.name === 'docker-desktop') return 'docker-desktop'
  if (node.name === 'lima-rancher-desktop') return 'rancher-desktop'
  if (/^colima(-.+)?$/.test(node.name)) return 'colima'
  if (node.name === 'orbstack') return 'orbstack'
  // k3s runs shop tills as well as laptops: only one on this very machine counts.
  return k3s && isLoopback(server) ? 'k3s' : null
}

/** What the decision needs to know; `provider` is what the two functions above have found. */
export interface ClusterQuestion {
  readonly context: string
  readonly server: string
  readonly provider: string | null
  /** --context was given. */
  readonly chosen: boolean
  /** --yes was given. */
  readonly allowAnyCluster: boolean
}

/**
 * use     a lab cluster, or explicitly allowed
 * ask     explicitly chosen, but nobody said yes yet
 * refuse  neither
 */
function mayUse(question: ClusterQuestion): 'use' | 'ask' | 'refuse' {
  if (question.provider !== null) return 'use'
  if (!question.chosen) return 'refuse'
  return question.allowAnyCluster ? 'use' : 'ask'
}

/**
 * Lets through a lab cluster, and any other only with `--context` and a yes.
 * @param confirm asks on a terminal; null where nobody can be asked
 * @throws LabError not-a-lab-cluster (usage)
 */
export async function requireLabCluster(
  question: ClusterQuestion,
  confirm: ((text: string) => Promise<boolean>) | null,
): Promise<void> {
  const { context, server } = question
  const decision = mayUse(question)
  if (decision === 'use') return
  const what = `context "${context}" (${server}) does not look like a lab cluster`
  if (decision === 'ask' && confirm !== null) {
    if (await confirm(`The ${what}. sts-lab creates, scales and deletes things in it. Use it?`)) return
    throw usageError(
      'not-a-lab-cluster',
      `${what}, and you said no`,
      'choose another: kubectl config get-contexts',
    )
  }
  throw new LabError('usage', 'not-a-lab-cluster', `${what}: it could be one that others rely on`, {
    hint: `if it is yours to experiment with, add: --context ${quoted(context)} --yes`,
  })
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const isLoopback = (server: string): boolean =>
  /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/.test(hostOf(server))

/** An address that leads nowhere beyond this machine and its own networks. */
function isPrivate(server: string): boolean {
  const host = hostOf(server)
  if (isLoopback(server)) return true
  if (/^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)[\d.]+$/.test(host)) return true
  if (/^\[f[cde]/.test(host)) return true
  // A bare name (a container's, a machine's in the house), and the suffixes that lab tools use.
  return /^[a-z0-9-]+$/.test(host) || /\.(local|localhost|docker\.internal|orb\.local|lan)$/.test(host)
}

const hostOf = (server: string): string =>
  URL.canParse(server) ? new URL(server).hostname.toLowerCase() : ''
