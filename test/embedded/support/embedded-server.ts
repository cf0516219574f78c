import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { Client } from '../../../src/embedded/client.ts'
import { writeKubeconfig } from '../../../src/embedded/kubeconfig.ts'
import type { PodRuntime } from '../../../src/embedded/pod-runtime.ts'
import { type EmbeddedApiServer, startApiServer } from '../../../src/embedded/start.ts'
import { systemClock } from '../../../src/host/clock.ts'
import { type OpenedCluster, openCluster } from '../../../src/kube/cluster.ts'
import type { RawClient } from './raw-client.ts'

/** An API server for the tests of one file, and the ways to it. */
export interface EmbeddedServer {
  readonly server: EmbeddedApiServer
  readonly kubeconfig: string
  readonly raw: RawClient
  /** In process, as a controller. */
  readonly client: Client
  /** As sts-lab itself, over HTTPS. */
  readonly cluster: OpenedCluster
}

export function embeddedServer(): EmbeddedServer {
  const parts: { -readonly [Key in keyof EmbeddedServer]?: EmbeddedServer[Key] } = {}
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'embedded-'))
    const server = await startApiServer()
    server.setRuntime(scriptedRuntime)
    const kubeconfig = path.join(folder, 'kubeconfig')
    writeKubeconfig(kubeconfig, server.access)
    const agent = new Agent({ ca: server.access.caPem, keepAlive: true })
    Object.assign(parts, {
      server,
      kubeconfig,
      raw: { ...server.access, agent },
      client: new Client(server.api, 'controller'),
      cluster: await openCluster({ context: undefined, kubeconfig, env: {}, clock: systemClock }),
    })
  })
  afterAll(async () => {
    parts.cluster?.close()
    parts.raw?.agent.destroy()
    await parts.server?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return parts as EmbeddedServer
}

/** Runs four commands: `echo WORDS`, `cat` (its input), `fill BYTES`, `exit CODE`; anything else is not in the image. */
const scriptedRuntime: PodRuntime = {
  async exec({ command }, io) {
    const [name = '', ...words] = command
    switch (name) {
      case 'echo':
        await io.stdout(Buffer.from(`${words.join(' ')}\n`))
        return { exitCode: 0 }
      case 'cat':
        for await (const chunk of io.stdin ?? []) await io.stdout(chunk)
        return { exitCode: 0 }
      case 'fill':
        for (let left = Number(words[0]); left > 0; left -= 65_536)
          await io.stdout(Buffer.alloc(Math.min(left, 65_536), 'x'))
        return { exitCode: 0 }
      case 'exit':
        await io.stderr(Buffer.from('leaving\n'))
        return { exitCode: Number(words[0]) }
      default:
        return { failure: `exec: "${name}": executable file not found in $PATH: unknown` }
    }
  },
  attach: async () => ({ exitCode: 0 }),
  connect: async () => null,
  async *logs({ pod, tailLines }) {
    const lines = ['one', 'two', pod.metadata.name]
    for (const line of tailLines === null ? lines : lines.slice(-tailLines)) yield Buffer.from(`${line}\n`)
  },
}
