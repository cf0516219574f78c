import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { undecidedError, usageError } from '../errors.ts'
import { didYouMean } from '../lab/nearest.ts'

type Env = Readonly<Record<string, string | undefined>>
type Entry = Readonly<Record<string, unknown>>

/** What a kubeconfig says about one context: the raw entries, with file paths made absolute. */
export interface ContextConfig {
  readonly context: string
  /** The namespace the context prefers. */
  readonly namespace: string | null
  readonly server: string
  readonly cluster: Entry
  /** Name and entry of the user; empty where the context names none. */
  readonly userName: string
  readonly user: Entry
}

/**
 * Reads the kubeconfig as kubectl does: `kubeconfig`, else every file of $KUBECONFIG (missing ones are
 * skipped, the first to name an entry wins), else ~/.kube/config. Only the chosen context's own entries
 * are looked at, so that a broken neighbour does not matter.
 *
 * (client-node's loader throws on a missing file and on a name that two files share.)
 *
 * @throws LabError no-kubeconfig, bad-kubeconfig, no-context, unknown-context, insecure-server
 */
export async function readKubeconfig(choice: {
  readonly context: string | undefined
  readonly kubeconfig: string | undefined
  readonly env: Env
}): Promise<ContextConfig> {
  const files = filesOf(choice.kubeconfig, choice.env)
  const configs = (await Promise.all(files.map(readConfigFile))).filter((config) => config !== null)
  if (configs.length === 0) throw noKubeconfig(files, choice.kubeconfig)

  const contexts = merged(configs, 'contexts', 'context')
  const current = configs.map((config) => text(config.content['current-context'])).find((name) => name !== '')
  const name = choice.context ?? current
  const names = [...contexts.keys()]
  if (name === undefined) {
    const hint =
      names.length === 0
        ? 'start one, for example: kind create cluster'
        : `use --context, one of: ${names.join(', ')}`
    throw undecidedError('no-context', `the kubeconfig has no current context (${filesText(configs)})`, hint)
  }
  const context = contexts.get(name)
  if (context === undefined) {
    const which = choice.context === undefined ? 'the current context' : 'the context'
    const message = `${which} "${name}" is not in the kubeconfig (${filesText(configs)})${didYouMean(name, names, ';')}`
    throw usageError('unknown-context', message, `the contexts there are: ${names.join(', ') || 'none'}`)
  }

  const clusterName = text(context.entry.cluster)
  const cluster = merged(configs, 'clusters', 'cluster').get(clusterName)
  const server = text(cluster?.entry.server).replace(/\/+$/, '')
  if (cluster === undefined || server === '') {
    throw badKubeconfig(
      context.file,
      `context "${name}" names the cluster "${clusterName}", which has no server there`,
    )
  }
  const userName = text(context.entry.user)
  const user = merged(configs, 'users', 'user').get(userName)
  if (userName !== '' && user === undefined) {
    throw badKubeconfig(context.file, `context "${name}" names the user "${userName}", who is not there`)
  }
  checkServer(server, cluster.entry, context.file)
  return {
    context: name,
    namespace: text(context.entry.namespace) || null,
    server,
    cluster: withAbsolutePaths(cluster, ['certificate-authority']),
    userName,
    user:
      user === undefined
        ? {}
        : withAbsoluteCommand(
            withAbsolutePaths(user, ['client-certificate', 'client-key', 'tokenFile', 'token-file']),
            user.file,
          ),
  }
}

interface ConfigFile {
  readonly file: string
  readonly content: Entry
}
interface Named {
  readonly file: string
  readonly entry: Entry
}

function filesOf(kubeconfig: string | undefined, env: Env): readonly string[] {
  if (kubeconfig !== undefined) return [resolve(kubeconfig)]
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '')
  if (listed.length > 0) return [...new Set(listed.map((file) => resolve(file)))]
  return [join(env.HOME ?? homedir(), '.kube', 'config')]
}

/** null when there is no such file. */
async function readConfigFile(file: string): Promise<ConfigFile | null> {
  let source: string
  try {
    source = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw badKubeconfig(file, error instanceof Error ? error.message : String(error))
  }
  const document = parseDocument(source)
  const fault = document.errors[0]
  if (fault !== undefined) throw badKubeconfig(file, fault.message)
  const content: unknown = document.toJS() ?? {}
  if (typeof content !== 'object') throw badKubeconfig(file, 'it is not a kubeconfig')
  return { file, content: record(content) }
}

/** The entries of a list by name: the first file to name one wins. */
function merged(configs: readonly ConfigFile[], list: string, key: string): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>()
  for (const { file, content } of configs) {
    const entries = content[list]
    if (!Array.isArray(entries)) continue
    for (const item of entries) {
      const name = text(record(item).name)
      if (!found.has(name)) found.set(name, { file, entry: record(record(item)[key]) })
    }
  }
  return found
}

/** Paths in a kubeconfig are relative to the file they stand in. */
function withAbsolutePaths({ entry, file }: Named, keys: readonly string[]): Entry {
  const changed: Record<string, unknown> = { ...entry }
  for (const key of keys) {
    const path = text(entry[key])
    if (path !== '' && !isAbsolute(path)) changed[key] = join(dirname(file), path)
  }
  return changed
}

/** So is a credential plugin's, once it contains a slash; a bare name is looked up in $PATH. */
function withAbsoluteCommand(user: Entry, file: string): Entry {
  const exec = record(user.exec)
  const command = text(exec.command)
  if (!/[\\/]/.test(command) || isAbsolute(command)) return user
  return { ...user, exec: { ...exec, command: join(dirname(file), command) } }
}

/** Credentials in clear text go nowhere but to this machine, unless the kubeconfig renounces safety itself. */
function checkServer(server: string, cluster: Entry, file: string): void {
  const url = URL.canParse(server) ? new URL(server) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw badKubeconfig(file, `"${server}" is not the address of an API server`)
  }
  const local = /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || local || cluster['insecure-skip-tls-verify'] === true) return
  throw usageError(
    'insecure-server',
    `${server} would get the credentials unencrypted`,
    `use https:// in ${file}`,
  )
}

function noKubeconfig(files: readonly string[], kubeconfig: string | undefined) {
  if (kubeconfig !== undefined)
    return usageError('no-kubeconfig', `there is no kubeconfig ${files.join(', ')}`)
  const message = `no kubeconfig found (looked for ${files.join(', ')})`
  return undecidedError('no-kubeconfig', message, NO_CLUSTER)
}

const NO_CLUSTER = 'start one: kind create cluster; or practise on a simulated one: sts-lab cluster up'

const badKubeconfig = (file: string, what: string) =>
  usageError('bad-kubeconfig', `${file}: ${what}`, 'look at: kubectl config view')
const filesText = (configs: readonly ConfigFile[]): string => configs.map(({ file }) => file).join(', ')
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const record = (value: unknown): Entry =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
