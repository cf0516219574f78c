// Our one entry in somebody else's kubeconfig: put in and taken out without touching the rest.
import { mkdir, open, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { isMap, isSeq, parse, parseDocument } from 'yaml'

const NAME = 'native'
const LISTS = ['clusters', 'users', 'contexts']

/** The file a new context goes into, as kind and kubectl choose: the first of $KUBECONFIG, else ~/.kube/config. */
export const kubeconfigPath = (env = process.env) =>
  (env.KUBECONFIG ?? '').split(delimiter).find((path) => path !== '') ?? join(homedir(), '.kube', 'config')

/**
 * `text` (a kubeconfig; '' for a new one) with the entries named `native` of `ours`, made the current context.
 * Comments, order and unknown keys of `text` stay. Throws when `native` there is a different cluster.
 */
export function withNative(text, ours) {
  const document = parsed(text)
  const source = parse(ours)
  refuseForeign(document, source)
  if (!document.has('apiVersion')) document.set('apiVersion', 'v1')
  if (!document.has('kind')) document.set('kind', 'Config')
  for (const key of LISTS) {
    if (!isSeq(document.get(key))) document.set(key, document.createNode([]))
    const list = document.get(key)
    if (list.items.length === 0) list.flow = false
    const entry = document.createNode(source[key].find(({ name }) => name === NAME))
    const at = list.items.findIndex((item) => isMap(item) && item.get('name') === NAME)
    if (at >= 0) list.items[at] = entry
    else list.add(entry)
  }
  document.set('current-context', NAME)
  return document.toString({ lineWidth: 0 })
}

/** `text` without our entries; `null` when nothing of ours is in it. A `native` that leads elsewhere stays. */
export function withoutNative(text, server) {
  const document = parsed(text)
  if (serverOf(document) !== server) return null
  for (const key of LISTS) {
    const list = document.get(key)
    if (isSeq(list)) list.items = list.items.filter((item) => !(isMap(item) && item.get('name') === NAME))
  }
  if (document.get('current-context') === NAME) document.set('current-context', '')
  return document.toString({ lineWidth: 0 })
}

/** Replaces the file with `change(its text)`, at once and readable by its owner only, under kubectl's own lock. */
export async function editKubeconfig(path, change) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // A kubeconfig that is a link stays one.
  const file = await realpath(path).catch((error) => (error.code === 'ENOENT' ? path : Promise.reject(error)))
  const unlock = await lock(`${file}.lock`)
  try {
    const text = await readFile(file, 'utf8').catch((error) =>
      error.code === 'ENOENT' ? '' : Promise.reject(error),
    )
    const changed = change(text)
    if (changed === null || changed === text) return false
    const fresh = `${file}.${process.pid}.new`
    await writeFile(fresh, changed, { mode: 0o600 })
    await rename(fresh, file)
    return true
  } finally {
    await unlock()
  }
}

function parsed(text) {
  const document = parseDocument(text.trim() === '' ? '{}' : text)
  if (document.errors.length > 0) throw new Error(`the kubeconfig is not YAML: ${document.errors[0].message}`)
  if (!isMap(document.contents)) throw new Error('the kubeconfig is not a mapping')
  if (document.contents.items.length === 0) document.contents.flow = false
  return document
}

function serverOf(document) {
  const list = document.get('clusters')
  const entry = isSeq(list) ? list.items.find((item) => isMap(item) && item.get('name') === NAME) : undefined
  return entry?.getIn(['cluster', 'server'])
}

function refuseForeign(document, ours) {
  const theirs = serverOf(document)
  const server = ours.clusters.find(({ name }) => name === NAME).cluster.server
  if (theirs !== undefined && theirs !== server)
    throw new Error(
      `there is a cluster "${NAME}" at ${theirs} already: rename it, or set KUBECONFIG to another file`,
    )
}

/** kubectl takes the same lock. It is held for milliseconds; one that stays was left by a process that died. */
async function lock(path) {
  const giveUpAt = Date.now() + 10_000
  for (;;) {
    try {
      await (await open(path, 'wx')).close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (Date.now() > giveUpAt) throw new Error(`${path} exists: if no kubectl is running, remove it`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
