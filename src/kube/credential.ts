import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import type { RequestOptions } from 'node:https'
import { Agent as HttpsAgent } from 'node:https'
import { createSecureContext, type SecureContext } from 'node:tls'
// The deep import keeps 800 files of API models out of the bundle.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { LabError, undecidedError, usageError } from '../errors.ts'
import type { ContextConfig } from './kubeconfig.ts'
import type { Credential, ServerAccess } from './transport.ts'

const SHOW_CONFIG = 'look at: kubectl config view --minify'

/** A context's API server and how to log in there: client certificate, token, exec plugin, OIDC, basic, proxy. */
export function accessOf(config: ContextConfig): ServerAccess {
  let kubeConfig: KubeConfig | null = null
  return {
    server: config.server,
    async credential(renew) {
      // client-node keeps a plugin's token until it expires, even one that the server no longer accepts: a
      // new KubeConfig has forgotten it. (An OIDC refresh token, though, must not be forgotten.)
      const forget = renew && config.user['auth-provider'] === undefined
      if (kubeConfig === null || forget) kubeConfig = await clientConfig(config)
      const options: RequestOptions & { agent?: unknown } = { headers: {} }
      try {
        await kubeConfig.applyToHTTPSOptions(options)
      } catch (error) {
        throw credentialError(error, config)
      }
      return credentialFrom(options, config)
    },
  }
}

function credentialFrom(options: RequestOptions, config: ContextConfig): Credential {
  const headers = { ...(options.headers as Record<string, string | string[]>) }
  // client-node knows only `as`.
  const groups = config.user['as-groups']
  if (Array.isArray(groups)) headers['Impersonate-Group'] = groups.map(String)
  return {
    headers,
    ...(typeof options.auth === 'string' ? { basicAuth: options.auth } : {}),
    agent: agentFrom(options, config),
    renewable:
      config.user.exec !== undefined ||
      config.user['auth-provider'] !== undefined ||
      config.user['token-file'] !== undefined ||
      config.user.tokenFile !== undefined,
  }
}

/** client-node's own agents close each connection after one answer. */
function agentFrom(options: RequestOptions, config: ContextConfig): HttpAgent {
  if (config.cluster['proxy-url'] !== undefined) {
    return Object.assign(options.agent as HttpAgent, { keepAlive: true })
  }
  if (config.server.startsWith('http:')) return new HttpAgent({ keepAlive: true })
  const { rejectUnauthorized, servername } = options
  return new HttpsAgent({
    keepAlive: true,
    // Certificates are parsed once, not for each of a run's connections; and a broken one shows here.
    secureContext: secureContextOf(options, config),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(servername === undefined ? {} : { servername }),
  })
}

function secureContextOf({ ca, cert, key }: RequestOptions, { userName }: ContextConfig): SecureContext {
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
  } catch (error) {
    const message = `the certificates of user "${userName}" or of the cluster cannot be read: ${messageOf(error)}`
    throw new LabError('usage', 'bad-kubeconfig', message, { hint: SHOW_CONFIG, cause: error })
  }
}

/** One context's entries as a KubeConfig. */
async function clientConfig(config: ContextConfig): Promise<KubeConfig> {
  const kubeConfig = new KubeConfig()
  const http = config.server.startsWith('http:')
  const cluster = {
    ...config.cluster,
    server: config.server,
    // client-node asks for this before it speaks http; that http is allowed here, readKubeconfig has decided.
    ...(http ? { 'insecure-skip-tls-verify': true } : {}),
  }
  kubeConfig.loadFromString(
    JSON.stringify({
      clusters: [{ name: 'cluster', cluster }],
      // Without a user entry client-node forgets the CA too.
      users: [{ name: 'user', user: await userEntry(config) }],
      contexts: [{ name: config.context, context: { cluster: 'cluster', user: 'user' } }],
      'current-context': config.context,
    }),
  )
  return kubeConfig
}

async function userEntry({
  user,
  userName,
  cluster,
  server,
}: ContextConfig): Promise<Readonly<Record<string, unknown>>> {
  const entry: Record<string, unknown> = { ...user }
  const tokenFile = user.tokenFile ?? user['token-file']
  if (typeof tokenFile === 'string') {
    delete entry['token-file']
    try {
      // With its line end it would be no valid header.
      entry.token = (await readFile(tokenFile, 'utf8')).trim()
    } catch (error) {
      throw usageError(
        'bad-kubeconfig',
        `the token of user "${userName}" cannot be read: ${messageOf(error)}`,
      )
    }
  }
  if (typeof user.exec === 'object' && user.exec !== null) {
    const exec = user.exec as Readonly<Record<string, unknown>>
    const env = Array.isArray(exec.env) ? exec.env : []
    entry.exec = {
      ...exec,
      env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: execInfo(exec, cluster, server) }],
    }
  }
  return entry
}

/** What kubectl tells a plugin (client-node does not): plugins of v1 insist on it. */
function execInfo(
  exec: Readonly<Record<string, unknown>>,
  cluster: Readonly<Record<string, unknown>>,
  server: string,
): string {
  const provided = {
    server,
    'certificate-authority-data': cluster['certificate-authority-data'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
  }
  return JSON.stringify({
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo === true ? { cluster: provided } : {}) },
  })
}

function credentialError(error: unknown, { user, userName }: ContextConfig): LabError {
  if (error instanceof LabError) return error
  const exec = user.exec as { command?: unknown; installHint?: unknown } | undefined
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (exec === undefined) {
    return usageError(
      'bad-kubeconfig',
      `the credentials of user "${userName}" cannot be used: ${messageOf(error)}`,
      SHOW_CONFIG,
    )
  }
  const missing = code === 'ENOENT'
  const message = missing
    ? `the credential plugin "${exec.command}" of user "${userName}" is not installed`
    : `the credential plugin "${exec.command}" of user "${userName}" failed: ${messageOf(error)}`
  const install = typeof exec.installHint === 'string' ? exec.installHint.trim() : `install ${exec.command}`
  return undecidedError(
    'credential-plugin',
    message,
    missing ? install : 'log in first, then try: kubectl get namespaces',
    error,
  )
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim() || 'no reason given'
