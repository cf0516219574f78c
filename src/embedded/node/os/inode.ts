import type { ClusterClock } from '../../clock.ts'
import { type Disk, diskOf } from './disk.ts'
import type { Pipe } from './pipe.ts'

// Bytes are strings of one character per byte (latin1) everywhere below: what passes through stays as it was.

interface Common {
  readonly device: Device
  readonly ino: number
  /** Permission bits. */
  mode: number
  uid: number
  gid: number
  /** Milliseconds, with a fraction that tells apart what happens in the same one. */
  mtimeMs: number
  ctimeMs: number
  nlink: number
}

export interface FileNode extends Common {
  readonly kind: 'file'
  text: string
  /** An executable of the image: the name of the program. */
  readonly program?: string
}
export interface DirNode extends Common {
  readonly kind: 'dir'
  readonly entries: Map<string, Node>
}
export interface LinkNode extends Common {
  readonly kind: 'link'
  readonly target: string
}
export interface CharNode extends Common {
  readonly kind: 'char'
  readonly name: 'null' | 'zero' | 'random' | 'full' | 'tty' | 'stdin' | 'stdout' | 'stderr'
}
export interface FifoNode extends Common {
  readonly kind: 'fifo'
  pipe: Pipe | null
}
export type Node = FileNode | DirNode | LinkNode | CharNode | FifoNode

let devices = 0

/** A file system: where nodes live, and how much fits. A claim's outlives the pods that mount it. */
export class Device {
  readonly id: number
  readonly root: DirNode
  readonly capacityBytes: number
  readonly #clock: ClusterClock
  /** What all devices of the node share. */
  readonly disk: Disk
  usedBytes = 0
  /** Files, folders and links that it has. */
  inodes = 0
  /** Called on every change, while somebody wants to know. */
  onChange: (() => void) | null = null
  #inos: number
  #ticks = 0

  /** @param before of one that was here before this process was: its numbers are not to change */
  constructor(clock: ClusterClock, capacityBytes: number, before?: { readonly id: number }) {
    this.id = before?.id ?? devices + 1
    devices = Math.max(devices, this.id)
    this.#clock = clock
    this.capacityBytes = capacityBytes
    // Unlike those of other volumes: the same number would look like the same file.
    this.#inos = this.id * 100_000
    this.disk = diskOf(clock)
    this.disk.add(this)
    this.root = this.dir(0o755)
  }

  /** Whether so many bytes more fit on it, and on the disk that it shares. */
  hasRoomFor(bytes: number): boolean {
    return this.usedBytes + bytes <= this.capacityBytes && this.disk.hasRoomFor(bytes)
  }

  /** The highest number that a file of it has had. */
  get lastIno(): number {
    return this.#inos
  }

  set lastIno(ino: number) {
    this.#inos = ino
  }

  /** Something has changed that took no stamp. */
  touch(): void {
    this.onChange?.()
  }

  /** Now, and never the same twice within a millisecond. */
  stamp(): number {
    this.onChange?.()
    this.#ticks = (this.#ticks + 1) % 1000
    return this.#clock.nowMs() + this.#ticks / 1000
  }

  file(text: string, mode = 0o644, program?: string): FileNode {
    this.usedBytes += text.length
    return { ...this.#common(mode), kind: 'file', text, ...(program === undefined ? {} : { program }) }
  }

  dir(mode = 0o755): DirNode {
    return { ...this.#common(mode), kind: 'dir', entries: new Map(), nlink: 2 }
  }

  link(target: string): LinkNode {
    return { ...this.#common(0o777), kind: 'link', target }
  }

  char(name: CharNode['name'], mode = 0o666): CharNode {
    return { ...this.#common(mode), kind: 'char', name }
  }

  fifo(mode = 0o644): FifoNode {
    return { ...this.#common(mode), kind: 'fifo', pipe: null }
  }

  #common(mode: number) {
    this.#inos += 1
    this.inodes += 1
    const now = this.stamp()
    return { device: this, ino: this.#inos, mode, uid: 0, gid: 0, mtimeMs: now, ctimeMs: now, nlink: 1 }
  }
}

export const sizeOf = (node: Node): number => {
  switch (node.kind) {
    case 'file':
      return node.program === undefined ? node.text.length : 1_982_256
    case 'link':
      return node.target.length
    case 'dir':
      return 4096
    default:
      return 0
  }
}
