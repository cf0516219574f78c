import type { KubeObject } from '../ports.ts'

/** What a node says about where it runs. */
export interface NodeFacts {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Such as kind://docker/kind/kind-control-plane; '' where there is none. */
  readonly providerId: string
  readonly osImage: string
  readonly kubeletVersion: string
}

export function nodeFacts(node: KubeObject): NodeFacts {
  const { spec, status } = node as {
    spec?: { providerID?: string }
    status?: { nodeInfo?: { osImage?: string; kubeletVersion?: string } }
  }
  return {
    name: node.metadata.name,
    labels: node.metadata.labels ?? {},
    providerId: spec?.providerID ?? '',
    osImage: status?.nodeInfo?.osImage ?? '',
    kubeletVersion: status?.nodeInfo?.kubeletVersion ?? '',
  }
}
