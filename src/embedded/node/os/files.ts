import { Errno } from './errno.ts'
import { CharHandle, FileHandle, type Handle, PipeReader, PipeWriter } from './handle.ts'
import type { Device, DirNode, Node } from './inode.ts'
import { Pipe } from './pipe.ts'

export interface Mount {
  readonly path: string
  readonly node: Node
  readonly readOnly: boolean
  /** As `mount` and `df` show it. */
  readonly source: string
}

/** Who asks. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  /** Besides `gid`. */
  readonly groups?: readonly number[]
}

export interface Found {
  /** null: it is not there, but its folder is. */
  readonly node: Node | null
  readonly parent: DirNode
  readonly name: string
  /** Without links and dots. */
  readonly path: string
  readonly readOnly: boolean
}

export interface OpenMode {
  readonly read?: boolean
  readonly write?: boolean
  readonly append?: boolean
  readonly create?: boolean
  readonly truncate?: boolean
  readonly exclusive?: boolean
  readonly mode?: number
}

const MAX_LINKS = 40
const PATH_MAX = 4096
/** As on a small disk: files that hold nothing take room, too. */
const MAX_INODES = 65_536
const READ = 4
const WRITE = 2
/** Of a folder: what is made in it gets the folder's group. */
const SET_GROUP = 0o2000

/** The files of a container: its own layer, and what is mounted over it. */
export class Files {
  readonly device: Device
  /** Nothing changes but what is mounted. */
  readOnly = false
  readonly #mounts = new Map<string, Mount>()

  constructor(device: Device) {
    this.device = device
  }

  mount(mount: Mount): void {
    this.#mounts.set(mount.path, mount)
  }

  get mounts(): readonly Mount[] {
    return [...this.#mounts.values()]
  }

  /** @throws Errno when a folder on the way is not there or is none */
  find(path: string, cwd = '/', follow = true): Found {
    if (path === '') throw new Errno('ENOENT')
    if (path.length + (path.startsWith('/') ? 0 : cwd.length + 1) > PATH_MAX) throw new Errno('ENAMETOOLONG')
    let links = 0
    const todo = (path.startsWith('/') ? path : `${cwd}/${path}`).split('/').filter((part) => part !== '')
    const wantsDir = /\/\.?$/.test(path)
    const trail: { node: Node; name: string; path: string; readOnly: boolean }[] = [
      { node: this.device.root, name: '', path: '/', readOnly: this.readOnly },
    ]
    const here = () =>
      trail.at(-1) ?? { node: this.device.root as Node, name: '', path: '/', readOnly: this.readOnly }
    while (todo.length > 0) {
      const part = todo.shift() ?? ''
      const { node: dir, path: at, readOnly } = here()
      if (dir.kind !== 'dir') throw new Errno('ENOTDIR')
      if (part === '.') continue
      if (part === '..') {
        if (trail.length > 1) trail.pop()
        continue
      }
      const full = at === '/' ? `/${part}` : `${at}/${part}`
      const mounted = this.#mounts.get(full)
      const node = mounted?.node ?? dir.entries.get(part) ?? null
      if (node === null) {
        if (todo.length > 0) throw new Errno('ENOENT')
        return { node: null, parent: dir, name: part, path: full, readOnly }
      }
      if (node.kind === 'link' && (follow || todo.length > 0 || wantsDir)) {
        links += 1
        if (links > MAX_LINKS) throw new Errno('ELOOP')
        todo.unshift(...node.target.split('/').filter((piece) => piece !== ''))
        if (node.target.startsWith('/')) trail.length = 1
        continue
      }
      trail.push({ node, name: part, path: full, readOnly: mounted?.readOnly ?? readOnly })
    }
    const found = here()
    if (wantsDir && found.node.kind !== 'dir') throw new Errno('ENOTDIR')
    const above = trail.at(-2)?.node ?? this.device.root
    return { ...found, parent: above.kind === 'dir' ? above : this.device.root }
  }

  /** The node. @throws Errno ENOENT */
  at(path: string, cwd = '/', follow = true): Node {
    const { node } = this.find(path, cwd, follow)
    if (node === null) throw new Errno('ENOENT')
    return node
  }

  /** The node, null where there is none or no way to it. */
  peek(path: string, cwd = '/', follow = true): Node | null {
    try {
      return this.find(path, cwd, follow).node
    } catch (error) {
      if (error instanceof Errno) return null
      throw error
    }
  }

  open(path: string, cwd: string, how: OpenMode, who: Credentials): Handle {
    const found = this.find(path, cwd)
    let { node } = found
    const writes = how.write === true || how.append === true
    if (node === null) {
      if (how.create !== true) throw new Errno('ENOENT')
      node = this.#put(found, () => found.parent.device.file('', how.mode ?? 0o644), who)
    } else if (how.exclusive === true) throw new Errno('EEXIST')
    else {
      if (node.kind === 'dir') {
        if (writes) throw new Errno('EISDIR')
        throw new Errno('EISDIR')
      }
      if (writes && found.readOnly && node.kind === 'file') throw new Errno('EROFS')
      if (writes && !may(node, who, WRITE)) throw new Errno('EACCES')
      if (how.read === true && !may(node, who, READ)) throw new Errno('EACCES')
    }
    if (node.kind === 'char') return new CharHandle(node)
    if (node.kind === 'fifo') {
      node.pipe ??= new Pipe()
      return writes ? new PipeWriter(node.pipe) : new PipeReader(node.pipe)
    }
    if (node.kind !== 'file') throw new Errno('EINVAL')
    if (writes && node.program !== undefined) throw new Errno('ETXTBSY')
    if (how.truncate === true && writes) {
      node.device.usedBytes -= node.text.length
      node.text = ''
      node.mtimeMs = node.ctimeMs = node.device.stamp()
    }
    return new FileHandle(node, { read: how.read === true, write: writes, append: how.append === true })
  }

  /** Puts what `make` makes where nothing is. */
  create(path: string, cwd: string, make: (device: Device) => Node, who: Credentials, follow = true): Node {
    const found = this.find(path.replace(/(.)\/+$/, '$1'), cwd, follow)
    if (found.node !== null) throw new Errno('EEXIST')
    return this.#put(found, () => make(found.parent.device), who)
  }

  /** Takes away a file, or with `dir` an empty folder. */
  remove(path: string, cwd: string, dir: boolean, who: Credentials): void {
    const found = this.find(path, cwd, false)
    const { node, parent, name } = found
    if (node === null) throw new Errno('ENOENT')
    if (dir && node.kind !== 'dir') throw new Errno('ENOTDIR')
    if (!dir && node.kind === 'dir') throw new Errno('EISDIR')
    if (found.readOnly) throw new Errno('EROFS')
    if (this.#mounts.has(found.path) || found.path === '/') throw new Errno('EBUSY')
    if (node.kind === 'dir' && node.entries.size > 0) throw new Errno('ENOTEMPTY')
    if (!may(parent, who, WRITE)) throw new Errno('EACCES')
    parent.entries.delete(name)
    touched(parent)
    node.nlink -= 1
    if (node.kind === 'dir' || node.nlink === 0) node.device.inodes -= 1
    if (node.kind === 'file' && node.nlink === 0) node.device.usedBytes -= node.text.length
  }

  rename(from: string, to: string, cwd: string, who: Credentials): void {
    const source = this.find(from, cwd, false)
    const target = this.find(to, cwd, false)
    const { node } = source
    if (node === null) throw new Errno('ENOENT')
    if (source.readOnly || target.readOnly) throw new Errno('EROFS')
    if (this.#mounts.has(source.path) || this.#mounts.has(target.path)) throw new Errno('EBUSY')
    if (node.device !== target.parent.device) throw new Errno('EXDEV')
    if (target.path.startsWith(`${source.path}/`)) throw new Errno('EINVAL')
    if (!may(source.parent, who, WRITE) || !may(target.parent, who, WRITE)) throw new Errno('EACCES')
    if (target.node === node) return
    if (target.node?.kind === 'dir') {
      if (node.kind !== 'dir') throw new Errno('EISDIR')
      if (target.node.entries.size > 0) throw new Errno('ENOTEMPTY')
    } else if (target.node !== null && node.kind === 'dir') throw new Errno('ENOTDIR')
    if (target.node !== null) target.node.nlink -= 1
    if (target.node?.kind === 'file' && target.node.nlink === 0)
      target.node.device.usedBytes -= target.node.text.length
    source.parent.entries.delete(source.name)
    target.parent.entries.set(target.name, node)
    touched(source.parent)
    touched(target.parent)
  }

  /** Another name for the same file. */
  hardLink(from: string, to: string, cwd: string, who: Credentials): void {
    const { node } = this.find(from, cwd, false)
    if (node === null) throw new Errno('ENOENT')
    if (node.kind === 'dir') throw new Errno('EPERM')
    const target = this.find(to, cwd, false)
    if (target.node !== null) throw new Errno('EEXIST')
    if (target.parent.device !== node.device) throw new Errno('EXDEV')
    this.#put(target, () => node, who)
    node.nlink += 1
  }

  #put(found: Found, make: () => Node, who: Credentials): Node {
    if (found.readOnly) throw new Errno('EROFS')
    if (found.name.length > 255) throw new Errno('ENAMETOOLONG')
    if (!may(found.parent, who, WRITE)) throw new Errno('EACCES')
    const { device } = found.parent
    if (device.usedBytes >= device.capacityBytes || device.inodes >= MAX_INODES || !device.disk.hasRoomFor(0))
      throw new Errno('ENOSPC')
    const node = make()
    node.uid = who.uid
    const { mode, gid } = found.parent
    const inherits = (mode & SET_GROUP) !== 0
    node.gid = inherits ? gid : who.gid
    if (inherits && node.kind === 'dir') node.mode |= SET_GROUP
    found.parent.entries.set(found.name, node)
    touched(found.parent)
    return node
  }
}

/** The names in a folder as they are listed, mounted ones included. */
export const namesIn = (dir: DirNode): readonly string[] => [...dir.entries.keys()].sort()

export function may(node: Node, { uid, gid, groups = [] }: Credentials, bit: number): boolean {
  if (uid === 0) return true
  const isOfGroup = node.gid === gid || groups.includes(node.gid)
  const shift = node.uid === uid ? 6 : isOfGroup ? 3 : 0
  return ((node.mode >> shift) & bit) === bit
}

const touched = (node: Node): void => {
  node.mtimeMs = node.ctimeMs = node.device.stamp()
}
