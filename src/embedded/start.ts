import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Api } from './api/api.ts'
import { type ClusterClock, runningClock } from './clock.ts'
import { Faults } from './http/faults.ts'
import { createApiServer } from './http/server.ts'
import type { Access } from './kubeconfig.ts'
import type { PodRuntime } from './pod-runtime.ts'
import { kindOf } from './registry/index.ts'
import type { Credentials } from './state/format.ts'
import { badRequest } from './status.ts'
import type { Store } from './store/store.ts'
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

export interface ApiServerOptions {
  readonly clock?: ClusterClock
  /** 0, or left out: any free one. */
  readonly port?: number
  /** New ones unless given. */
  readonly credentials?: Credentials
  readonly store?: Store
  /** Called before a client is told that what it asked for is done. */
  readonly settle?: () => void
}

/** Whom clients of a new cluster trust, and whom it trusts. */
export function newCredentials(): Credentials {
  const authority = createAuthority('sts-lab-embedded-ca')
  const identity = issueServer(authority, {
    addresses: ['127.0.0.1', '10.96.0.1'],
    dns: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
  })
  return { caPem: authority.pem, ...identity, token: randomBytes(24).toString('base64url') }
}

/** Starts the API server on 127.0.0.1. */
export async function startApiServer(options: ApiServerOptions = {}): Promise<EmbeddedApiServer> {
  const { clock = runningClock(), credentials = newCredentials(), settle = () => undefined } = options
  const { caPem, token, certificatePem, keyPem } = credentials
  const api = new Api(clock, options.store)
  for (const name of NAMESPACES)
    if (api.find(kindOf('namespaces'), undefined, name) === null)
      api.create(kindOf('namespaces'), undefined, { metadata: { name } }, { manager: 'kube-apiserver' })
  const faults = new Faults()
  let runtime = noRuntime
  const server = createApiServer({
    api,
    faults,
    token,
    identity: { certificatePem, keyPem },
    settle,
    runtime: {
      exec: (request, io) => runtime.exec(request, io).finally(settle),
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
    access: { server: `https://127.0.0.1:${port}`, caPem, token },
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
