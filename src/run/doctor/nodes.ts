import type { Cluster, KubeObject } from '../../ports.ts'
import type { ClusterIdentity } from '../../result.ts'
import { type Finding, finding, listOrNull } from './finding.ts'

/** Are there nodes that pods can run on, and are the labs' images on them already? */
export async function nodeFindings(
  cluster: Cluster,
  images: readonly string[],
  { provider }: ClusterIdentity,
  signal: AbortSignal,
): Promise<Finding[]> {
  const nodes = await listOrNull(cluster, 'v1', 'Node', signal)
  if (nodes === null) return [finding('nodes', 'Nodes', 'unknown', 'we may not list nodes', null)]
  const usable = nodes.filter((node) => isReadyNode(node) && !isCordoned(node))
  const multiNodeMinikube = provider === 'minikube' && nodes.length > 1
  const nodeFinding =
    usable.length === 0
      ? finding(
          'nodes',
          'Nodes',
          'problem',
          `none of ${nodes.length} nodes is ready and schedulable`,
          'look at: kubectl get nodes, kubectl describe node',
        )
      : multiNodeMinikube
        ? finding(
            'nodes',
            'Nodes',
            'note',
            `${nodes.length} nodes: minikube's default provisioner does not work across several`,
            'minikube addons enable csi-hostpath-driver, or use one node',
          )
        : finding('nodes', 'Nodes', 'ok', `${usable.length} of ${nodes.length} ready and schedulable`, null)
  const present = new Set(nodes.flatMap(imageNames))
  const absent = images.filter((image) => !present.has(image))
  const imageFinding =
    absent.length === 0
      ? finding('images', 'Images', 'ok', `${images.join(', ')} are on the node`, null)
      : finding(
          'images',
          'Images',
          'note',
          `${absent.join(', ')} will be pulled when first used`,
          provider === 'kind'
            ? `to load them before: docker pull IMAGE && kind load docker-image IMAGE (${absent.join(' ')})`
            : provider === 'minikube'
              ? `to load them before: minikube image load IMAGE (${absent.join(' ')})`
              : null,
        )
  return [nodeFinding, imageFinding]
}

type Loose = Record<string, unknown>
const at = (object: KubeObject | Loose, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Loose | undefined)?.[key], object)

const isReadyNode = (node: KubeObject): boolean =>
  ((at(node, 'status', 'conditions') ?? []) as Loose[]).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )

const isCordoned = (node: KubeObject): boolean =>
  at(node, 'spec', 'unschedulable') === true ||
  ((at(node, 'spec', 'taints') ?? []) as Loose[]).some((taint) => taint.effect === 'NoSchedule')

const imageNames = (node: KubeObject): string[] =>
  ((at(node, 'status', 'images') ?? []) as { names?: string[] }[])
    .flatMap((image) => image.names ?? [])
    .map((name) => name.replace(/^docker\.io\/(library\/)?/, ''))
