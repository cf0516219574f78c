import { Errno } from './errno.ts'
import { Gate, type Task } from './fiber.ts'
import type { FileNode, Node } from './inode.ts'
import type { Pipe } from './pipe.ts'

/** A file may not outgrow this, whatever its volume could hold. */
const MAX_FILE_BYTES = 16 * 1024 * 1024

/** An open file, as one or more descriptors share it. */
export abstract class Handle {
  #references = 1

  share(): this {
    this.#references += 1
    return this
  }

  close(): void {
    this.#references -= 1
    if (this.#references === 0) this.released()
  }

  /** What it is a handle of, where that has a name. */
  get node(): Node | null {
    return null
  }

  get isTerminal(): boolean {
    return false
  }

  /** '' at the end. */
  // biome-ignore lint/correctness/useYield: this one never waits
  *read(_max: number): Task<string> {
    throw new Errno('EBADF')
  }

  // biome-ignore lint/correctness/useYield: this one never waits
  *write(_text: string): Task<void> {
    throw new Errno('EBADF')
  }

  protected released(): void {}
}

export class FileHandle extends Handle {
  readonly #node: FileNode
  readonly #reads: boolean
  readonly #writes: boolean
  readonly #appends: boolean
  offset = 0

  constructor(
    node: FileNode,
    how: { readonly read: boolean; readonly write: boolean; readonly append: boolean },
  ) {
    super()
    this.#node = node
    this.#reads = how.read
    this.#writes = how.write
    this.#appends = how.append
  }

  override get node(): FileNode {
    return this.#node
  }

  // biome-ignore lint/correctness/useYield: files answer at once
  override *read(max: number): Task<string> {
    if (!this.#reads) throw new Errno('EBADF')
    const taken = this.#node.text.slice(this.offset, this.offset + max)
    this.offset += taken.length
    return taken
  }

  // biome-ignore lint/correctness/useYield: files answer at once
  override *write(text: string): Task<void> {
    if (!this.#writes) throw new Errno('EBADF')
    const node = this.#node
    const at = this.#appends ? node.text.length : this.offset
    const before = at > node.text.length ? node.text.padEnd(at, '\0') : node.text.slice(0, at)
    const after = before + text + node.text.slice(at + text.length)
    if (after.length > MAX_FILE_BYTES) throw new Errno('EFBIG')
    const growth = after.length - node.text.length
    if (growth > 0 && !node.device.hasRoomFor(growth)) throw new Errno('ENOSPC')
    node.device.usedBytes += growth
    node.text = after
    this.offset = at + text.length
    node.mtimeMs = node.ctimeMs = node.device.stamp()
  }
}

export class PipeReader extends Handle {
  readonly pipe: Pipe

  constructor(pipe: Pipe) {
    super()
    this.pipe = pipe
    pipe.readers += 1
  }

  override read(max: number): Task<string> {
    return this.pipe.read(max)
  }

  protected override released(): void {
    this.pipe.readers -= 1
    this.pipe.changed.open()
  }
}

export class PipeWriter extends Handle {
  readonly pipe: Pipe

  constructor(pipe: Pipe) {
    super()
    this.pipe = pipe
    pipe.writers += 1
  }

  override write(text: string): Task<void> {
    return this.pipe.write(text)
  }

  protected override released(): void {
    this.pipe.writers -= 1
    this.pipe.changed.open()
  }
}

/** What is written goes out of the container. */
export class SinkHandle extends Handle {
  readonly #sink: (text: string) => void

  constructor(sink: (text: string) => void) {
    super()
    this.#sink = sink
  }

  // biome-ignore lint/correctness/useYield: nobody is made to wait
  override *write(text: string): Task<void> {
    if (text !== '') this.#sink(text)
  }
}

/** /dev/null and its kin. */
export class CharHandle extends Handle {
  readonly #node: Node & { readonly kind: 'char' }

  constructor(node: Node & { readonly kind: 'char' }) {
    super()
    this.#node = node
  }

  override get node(): Node {
    return this.#node
  }

  override *read(max: number): Task<string> {
    switch (this.#node.name) {
      case 'zero':
      case 'full':
        return '\0'.repeat(max)
      case 'random':
        return Array.from({ length: max }, () => String.fromCharCode(Math.floor(Math.random() * 256))).join(
          '',
        )
      default:
        return ''
    }
  }

  // biome-ignore lint/correctness/useYield: always at hand
  override *write(_text: string): Task<void> {
    if (this.#node.name === 'full') throw new Errno('ENOSPC')
  }
}

/** As much may be on its way to a client before the writer has to wait. */
const WINDOW_BYTES = 256 * 1024

/** What is written goes to somebody who takes it when there is room. */
export class SlowSinkHandle extends Handle {
  readonly #sink: (text: string) => Promise<void>
  readonly #drained = new Gate()
  #onTheWay = 0

  constructor(sink: (text: string) => Promise<void>) {
    super()
    this.#sink = sink
  }

  override *write(text: string): Task<void> {
    if (text === '') return
    this.#onTheWay += text.length
    const taken = () => {
      this.#onTheWay -= text.length
      this.#drained.open()
    }
    this.#sink(text).then(taken, taken)
    while (this.#onTheWay > WINDOW_BYTES) yield this.#drained.wait
  }
}
