import type { ClusterClock } from '../../clock.ts'

/** All files of a node together: they are memory of this very process. */
const DISK_BYTES = 768 * 1024 * 1024
const UNCOUNTED_BYTES = 16 * 1024 * 1024
/** What a file takes that holds nothing. */
const INODE_BYTES = 1024

/** What lies on a disk. */
interface Tenant {
  readonly usedBytes: number
  readonly inodes: number
}

/** The disk under the devices of a node. It is counted, not booked: devices that are gone take nothing. */
export class Disk {
  readonly #tenants = new Set<WeakRef<Tenant>>()
  #uncounted = 0
  #full = false

  add(tenant: Tenant): void {
    this.#tenants.add(new WeakRef(tenant))
  }

  /** Whether so much more fits. */
  hasRoomFor(bytes: number): boolean {
    this.#uncounted += bytes + INODE_BYTES
    if (this.#uncounted < UNCOUNTED_BYTES && !this.#full) return true
    this.#uncounted = 0
    let used = bytes
    for (const reference of this.#tenants) {
      const tenant = reference.deref()
      if (tenant === undefined) this.#tenants.delete(reference)
      else used += tenant.usedBytes + tenant.inodes * INODE_BYTES
    }
    this.#full = used > DISK_BYTES
    return !this.#full
  }
}

const disks = new WeakMap<ClusterClock, Disk>()

/** Whoever shares a clock is one cluster, and that has one node. */
export function diskOf(clock: ClusterClock): Disk {
  const known = disks.get(clock)
  if (known !== undefined) return known
  const fresh = new Disk()
  disks.set(clock, fresh)
  return fresh
}
