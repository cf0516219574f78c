import type { Clock, Cluster, Terminal } from '../ports.ts'

/**
 * The world, as the composition root (`main.ts`) hands it to the commands. Everything heavy is behind a
 * function that imports it when first called, so that `--help` never loads the Kubernetes client.
 */
export interface Services {
  readonly version: string
  readonly terminal: Terminal
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted on the first Ctrl-C or SIGTERM. Clean-up must use a signal of its own. */
  readonly signal: AbortSignal
  /** Folders that ship with the package: absolute paths. */
  readonly labsDir: string
  readonly manifestsDir: string
  /** Where progress is kept (created on first write): $STS_LAB_HOME, else the user's data folder. */
  readonly dataDir: string
  readonly openCluster: (choice: ClusterChoice) => Promise<Cluster>
}

export interface ClusterChoice {
  /** --context; undefined takes the kubeconfig's current one. */
  readonly context: string | undefined
  /** --kubeconfig; undefined takes $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig: string | undefined
  /** --allow-any-cluster: the yes to a context that does not look like a lab cluster (asked for on a terminal). */
  readonly allowAnyCluster: boolean
}
