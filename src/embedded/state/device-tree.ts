import type { ClusterClock } from '../clock.ts'
import { type CharNode, Device, type DirNode, type Node } from '../node/os/inode.ts'

interface Attributes {
  readonly ino: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: number
  readonly ctime: number
  readonly nlink: number
}

/** A file, folder or link as it was last written down. Never changed in place. */
type Kept = Attributes &
  (
    | { readonly kind: 'file'; readonly text: string; readonly program?: string }
    | { readonly kind: 'dir'; readonly entries: ReadonlyMap<string, number> }
    | { readonly kind: 'link'; readonly target: string }
    | { readonly kind: 'char'; readonly name: CharNode['name'] }
    | { readonly kind: 'fifo' }
  )

/** One of them as a record tells it: new, or what has changed. */
export type NodeRecord = Attributes &
  (
    | { readonly kind: 'file'; readonly text: string; readonly program?: string }
    /** More at the end of what there was. */
    | { readonly kind: 'file'; readonly append: string }
    | {
        readonly kind: 'dir'
        readonly set: Readonly<Record<string, number>>
        readonly unset: readonly string[]
      }
    | { readonly kind: 'link'; readonly target: string }
    | { readonly kind: 'char'; readonly name: CharNode['name'] }
    | { readonly kind: 'fifo' }
  )

export interface DeviceRecord {
  readonly key: string
  readonly id: number
  readonly bytes: number
  readonly lastIno: number
  readonly root: number
  readonly nodes: readonly NodeRecord[]
  /** Numbers of those that are no more. */
  readonly gone: readonly number[]
}

/** What has been written down of a device. */
export class DeviceTree {
  readonly #key: string
  #id = 0
  #bytes = 0
  #lastIno = 0
  #root = 0
  #nodes = new Map<number, Kept>()

  constructor(key: string) {
    this.#key = key
  }

  /** The number of the device that it is of; 0 before there is one. */
  get id(): number {
    return this.#id
  }

  /** Notes how a device is now. @returns what has changed since the last time; null when nothing has */
  follow(device: Device): DeviceRecord | null {
    const found = new Map<number, Node>()
    gather(device.root, found)
    const nodes: NodeRecord[] = []
    for (const [ino, node] of found) {
      const before = this.#nodes.get(ino)
      const record = changeOf(node, before)
      if (record === null) continue
      nodes.push(record)
      this.#nodes.set(ino, after(record, before))
    }
    const gone =
      found.size === this.#nodes.size ? [] : [...this.#nodes.keys()].filter((ino) => !found.has(ino))
    for (const ino of gone) this.#nodes.delete(ino)
    const isNew = this.#id === 0
    this.#id = device.id
    this.#bytes = device.capacityBytes
    this.#lastIno = device.lastIno
    this.#root = device.root.ino
    return nodes.length === 0 && gone.length === 0 && !isNew ? null : this.#record(nodes, gone)
  }

  /** Everything that was noted, as one record. A copy: it may be written out later. */
  whole(): DeviceRecord {
    const nodes = [...this.#nodes.values()].map((node): NodeRecord => {
      if (node.kind !== 'dir') return node
      const { entries, ...rest } = node
      return { ...rest, set: Object.fromEntries(entries), unset: [] }
    })
    return this.#record(nodes, [])
  }

  /** Reads a record of one. */
  apply(record: DeviceRecord): void {
    this.#id = record.id
    this.#bytes = record.bytes
    this.#lastIno = record.lastIno
    this.#root = record.root
    for (const ino of record.gone) this.#nodes.delete(ino)
    for (const node of record.nodes) this.#nodes.set(node.ino, after(node, this.#nodes.get(node.ino)))
  }

  /** The device itself, with all that was on it. */
  device(clock: ClusterClock): Device {
    const device = new Device(clock, this.#bytes, { id: this.#id })
    const made = new Map<number, Node>()
    const { root } = device
    const kept = this.#nodes.get(this.#root)
    if (kept !== undefined) {
      const { mode, uid, gid, mtime, ctime, nlink } = kept
      Object.assign(root, { ino: kept.ino, mode, uid, gid, mtimeMs: mtime, ctimeMs: ctime, nlink })
      made.set(kept.ino, root)
    }
    for (const node of this.#nodes.values()) if (!made.has(node.ino)) made.set(node.ino, live(node, device))
    for (const node of this.#nodes.values()) {
      const dir = made.get(node.ino)
      if (node.kind !== 'dir' || dir?.kind !== 'dir') continue
      for (const [name, ino] of node.entries) {
        const entry = made.get(ino)
        if (entry !== undefined) dir.entries.set(name, entry)
      }
    }
    for (const node of made.values()) if (node.kind === 'file') device.usedBytes += node.text.length
    device.inodes = made.size
    device.lastIno = this.#lastIno
    return device
  }

  #record(nodes: readonly NodeRecord[], gone: readonly number[]): DeviceRecord {
    return {
      key: this.#key,
      id: this.#id,
      bytes: this.#bytes,
      lastIno: this.#lastIno,
      root: this.#root,
      nodes,
      gone,
    }
  }
}

/** Every node of a device once, however many names it has. What is mounted into it is of another one. */
function gather(dir: DirNode, found: Map<number, Node>): void {
  found.set(dir.ino, dir)
  for (const node of dir.entries.values()) {
    if (node.device !== dir.device || found.has(node.ino)) continue
    if (node.kind === 'dir') gather(node, found)
    else found.set(node.ino, node)
  }
}

function changeOf(node: Node, before: Kept | undefined): NodeRecord | null {
  const same = before !== undefined && isSame(node, before)
  switch (node.kind) {
    case 'file': {
      const { text, program } = node
      const old = before?.kind === 'file' ? before.text : ''
      if (same && old === text) return null
      if (old !== '' && text.startsWith(old))
        return { ...attributesOf(node), kind: 'file', append: text.slice(old.length) }
      return { ...attributesOf(node), kind: 'file', text, ...(program === undefined ? {} : { program }) }
    }
    case 'dir': {
      const old: ReadonlyMap<string, number> = before?.kind === 'dir' ? before.entries : new Map()
      // No prototype: a file may have any name.
      const set: Record<string, number> = Object.create(null)
      let added = 0
      for (const [name, entry] of node.entries) {
        if (entry.device !== node.device || old.get(name) === entry.ino) continue
        set[name] = entry.ino
        added += 1
      }
      const unset = [...old.keys()].filter((name) => node.entries.get(name)?.device !== node.device)
      if (same && added === 0 && unset.length === 0) return null
      return { ...attributesOf(node), kind: 'dir', set, unset }
    }
    case 'link':
      return same ? null : { ...attributesOf(node), kind: 'link', target: node.target }
    case 'char':
      return same ? null : { ...attributesOf(node), kind: 'char', name: node.name }
    case 'fifo':
      return same ? null : { ...attributesOf(node), kind: 'fifo' }
  }
}

function after(record: NodeRecord, before: Kept | undefined): Kept {
  if (record.kind === 'dir') {
    const { set, unset, ...rest } = record
    const entries = new Map(before?.kind === 'dir' ? before.entries : [])
    for (const name of unset) entries.delete(name)
    for (const [name, ino] of Object.entries(set)) entries.set(name, ino)
    return { ...rest, entries }
  }
  if (record.kind === 'file' && 'append' in record) {
    const { append, ...rest } = record
    const old = before?.kind === 'file' ? before : { text: '' }
    return { ...old, ...rest, text: old.text + append }
  }
  return record
}

const isSame = (node: Node, kept: Attributes): boolean =>
  node.mode === kept.mode &&
  node.uid === kept.uid &&
  node.gid === kept.gid &&
  node.mtimeMs === kept.mtime &&
  node.ctimeMs === kept.ctime &&
  node.nlink === kept.nlink

const attributesOf = ({ ino, mode, uid, gid, mtimeMs, ctimeMs, nlink }: Node): Attributes => ({
  ino,
  mode,
  uid,
  gid,
  mtime: mtimeMs,
  ctime: ctimeMs,
  nlink,
})

function live(kept: Kept, device: Device): Node {
  const { mtime, ctime, ...rest } = kept
  const common = { ...rest, device, mtimeMs: mtime, ctimeMs: ctime }
  switch (common.kind) {
    case 'dir':
      return { ...common, entries: new Map() }
    case 'fifo':
      return { ...common, pipe: null }
    default:
      return common
  }
}
