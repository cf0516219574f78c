import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Api } from './api/api.ts'
import { type ClusterClock, runningClock } from './clock.ts'
import { Faults } from './http/faults.ts'
import { createApiServer } from './http/server.ts'
import type { Access } from './kubeconfig.ts'
import type { PodRuntime } from './pod-runtime.ts'
import { kindOf } from './registry/index.ts'
import { badRequest } from './status.ts'
import { createAuthority, issueServer } from './tls/certificate.ts'

export interface EmbeddedApiServer {
  /** For controllers and the node of this process. */
  readonly api: Api
  readonly faults: Faults
  /** For everybody else. */
  readonly access: Access
  /** Who runs pods; until it is set, exec and log are refused. */
  setRuntime(runtime: PodRuntime): void
  close(): Promise<void>
}

/** Namespaces that are there from the start. */
const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** Starts the API server on 127.0.0.1. @param port 0 for any free one */
export async function startApiServer(
  options: { readonly clock?: ClusterClock; readonly port?: number; readonly token?: string } = {},
): Promise<EmbeddedApiServer> {
  const api = new Api(options.clock ?? runningClock())
  for (const name of NAMESPACES)
    api.create(kindOf('namespaces'), undefined, { metadata: { name } }, { manager: 'kube-apiserver' })
  const faults = new Faults()
  const authority = createAuthority('sts-lab-embedded-ca')
  const identity = issueServer(authority, {
    addresses: ['127.0.0.1', '10.96.0.1'],
    dns: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
  })
  const token = options.token ?? randomBytes(24).toString('base64url')
  let runtime = noRuntime
  const server = createApiServer({
    api,
    faults,
    token,
    identity,
    runtime: {
      exec: (request, io) => runtime.exec(request, io),
      attach: (request, io) => runtime.attach(request, io),
      logs: (request) => runtime.logs(request),
      connect: (request) => runtime.connect(request),
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    api,
    faults,
    access: { server: `https://127.0.0.1:${port}`, caPem: authority.pem, token },
    setRuntime: (given) => {
      runtime = given
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const nobodyRuns = () => badRequest('no node of this cluster runs containers yet')

const noRuntime: PodRuntime = {
  exec: () => Promise.reject(nobodyRuns()),
  attach: () => Promise.reject(nobodyRuns()),
  connect: () => Promise.resolve(nobodyRuns().message),
  logs: () => {
    throw nobodyRuns()
  },
}
