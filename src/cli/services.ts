import type { Clock, Cluster, ManifestDocument, PracticeCluster, PracticeSpeed, Terminal } from '../ports.ts'

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
  /** This process, and whether another is alive (null: on another machine). */
  readonly self: {
    readonly host: string
    readonly pid: number
    readonly birth: string
    isAlive(host: string, pid: number, birth?: string): boolean | null
  }
  readonly files: Files
  readonly studentFiles: StudentFiles
  readonly openCluster: (choice: ClusterChoice) => Promise<ChosenCluster>
  readonly practice: PracticeCluster
  /** Parses a manifest as kubectl reads it. `file` is for messages. */
  readonly parseManifest: (text: string, file: string) => Promise<readonly ManifestDocument[]>
}

export interface Files {
  /** null when there is no such file. */
  read(file: string): Promise<string | null>
  /** All or nothing. */
  write(file: string, text: string): Promise<void>
}

/** Files in the student's own folders. */
export interface StudentFiles {
  /** Never overwrites: false when there is one already. Creates the folder. */
  create(file: string, text: string): Promise<boolean>
  /** All or nothing. */
  replace(file: string, text: string): Promise<void>
  /** Calls back after files in a folder were saved, until aborted; false where that cannot be told. */
  watch(folder: string, changed: () => void, signal: AbortSignal): boolean
}

/** The cluster that a choice led to. */
export interface ChosenCluster extends Cluster {
  /** Where that is not what was chosen, the kubeconfig by which kubectl reaches it too. */
  readonly kubeconfig?: string
}

export interface ClusterChoice {
  /** --context; undefined takes the kubeconfig's current one. */
  readonly context: string | undefined
  /** --kubeconfig; undefined takes $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig: string | undefined
  /** --yes: the yes to a context that does not look like a lab cluster (asked for on a terminal). */
  readonly allowAnyCluster: boolean
  /** Where no lab cluster can be reached, the practice cluster is offered, at this speed. */
  readonly offersPractice?: PracticeSpeed
}

/** Flags of every command that talks to a cluster, as commander parsed them. */
export interface ClusterFlags {
  readonly context?: string
  readonly kubeconfig?: string
  readonly yes?: boolean
}

export const choiceOf = (flags: ClusterFlags): ClusterChoice => ({
  context: flags.context,
  kubeconfig: flags.kubeconfig,
  allowAnyCluster: flags.yes === true,
})
