import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseAllDocuments } from 'yaml'
import { Client } from '../../../src/embedded/client.ts'
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from '../../../src/embedded/cluster.ts'
import type { ApiObject } from '../../../src/embedded/object.ts'
import { type CliResult, runCli } from '../../helpers/run-cli.ts'

/** A cluster in this process, and the built command on it. */
export interface Practice {
  readonly cluster: EmbeddedCluster
  readonly client: Client
  cli(...args: readonly string[]): Promise<CliResult>
  /** Creates the objects of a YAML text in a new namespace. */
  create(namespace: string, yaml: string): void
}

/** Runs `work` on a cluster of its own, at fast speed unless told otherwise. */
export async function onPractice<T>(
  options: EmbeddedClusterOptions,
  work: (practice: Practice) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'practice-'))
  const cluster = await startEmbeddedCluster({ speed: 'fast', folder, ...options })
  const client = new Client(cluster.api, 'test')
  const env = {
    KUBECONFIG: path.join(folder, 'kubeconfig'),
    STS_LAB_HOME: path.join(folder, 'home'),
  }
  try {
    return await work({
      cluster,
      client,
      cli: (...args) => runCli(args, { env, timeoutMs: 230_000 }),
      create(namespace, yaml) {
        client.create('namespaces', { metadata: { name: namespace } })
        for (const document of parseAllDocuments(yaml)) {
          const object = document.toJS() as ApiObject
          const metadata = { ...object.metadata, namespace }
          client.create(`${object.kind.toLowerCase()}s`, { ...object, metadata })
        }
      },
    })
  } finally {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
