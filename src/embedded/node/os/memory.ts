/** A process asked for memory that its container, or the node, does not have. The kernel kills it. */
export class OutOfMemory extends Error {}

/** However much a container may ask for: all of it is memory of this very process. */
const MAX_CONTAINER_BYTES = 64 * 1024 * 1024
const NODE_BYTES = 512 * 1024 * 1024
/** As much may be taken between two counts. */
const UNCOUNTED_BYTES = 2 * 1024 * 1024

/** Who holds memory, and can say how much. */
export interface Holder {
  heldBytes(): number
}

/** The memory of a node. It is counted, not booked: what is no longer held need not be given back. */
export class NodeMemory {
  readonly #held = new Map<ContainerMemory, number>()
  readonly #bytes: number

  constructor(bytes = NODE_BYTES) {
    this.#bytes = bytes
  }

  /** @returns whether the node can bear it */
  report(container: ContainerMemory, bytes: number): boolean {
    this.#held.set(container, bytes)
    let sum = 0
    for (const held of this.#held.values()) sum += held
    return sum <= this.#bytes
  }

  forget(container: ContainerMemory): void {
    this.#held.delete(container)
  }
}

/** The memory of one container. */
export class ContainerMemory {
  readonly limitBytes: number
  readonly #node: NodeMemory
  readonly #holders = new Set<Holder>()
  #uncounted = 0

  constructor(node: NodeMemory, limitBytes = MAX_CONTAINER_BYTES) {
    this.#node = node
    this.limitBytes = Math.min(limitBytes, MAX_CONTAINER_BYTES)
  }

  add(holder: Holder): void {
    this.#holders.add(holder)
  }

  drop(holder: Holder): void {
    this.#holders.delete(holder)
  }

  close(): void {
    this.#holders.clear()
    this.#node.forget(this)
  }

  /** Somebody takes so much more. @throws OutOfMemory */
  take(bytes: number): void {
    if (bytes > this.limitBytes) throw new OutOfMemory()
    this.#uncounted += bytes
    if (this.#uncounted < Math.min(UNCOUNTED_BYTES, this.limitBytes / 4)) return
    this.#uncounted = 0
    let held = bytes
    for (const holder of this.#holders) held += holder.heldBytes()
    if (!this.#node.report(this, held) || held > this.limitBytes) throw new OutOfMemory()
  }
}
