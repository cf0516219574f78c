import type { ClusterClock } from '../../clock.ts'
import { Device } from './inode.ts'

/** The file systems that outlive the pods that mount them, by a name that says whose each is. */
export class Shelf {
  readonly #clock: ClusterClock
  readonly #devices: Map<string, Device>
  #listener: ((key: string) => void) | null = null

  /** @param devices those that are there already */
  constructor(clock: ClusterClock, devices: ReadonlyMap<string, Device> = new Map()) {
    this.#clock = clock
    this.#devices = new Map(devices)
  }

  find(key: string): Device | null {
    return this.#devices.get(key) ?? null
  }

  /** The one of this name; an empty one that everybody may write to where there is none. */
  take(key: string, bytes: number): Device {
    const known = this.#devices.get(key)
    if (known !== undefined) return known
    const fresh = new Device(this.#clock, bytes)
    fresh.root.mode = 0o777
    this.#devices.set(key, fresh)
    this.#follow(key, fresh)
    return fresh
  }

  /** Its content is gone. */
  drop(key: string): void {
    const device = this.#devices.get(key)
    if (device === undefined) return
    this.#devices.delete(key)
    device.onChange = null
    this.#listener?.(key)
  }

  keys(): readonly string[] {
    return [...this.#devices.keys()]
  }

  /** Calls back, often, with the name of each that comes, changes or goes. */
  listen(listener: (key: string) => void): void {
    this.#listener = listener
    for (const [key, device] of this.#devices) this.#follow(key, device)
  }

  #follow(key: string, device: Device): void {
    const listener = this.#listener
    if (listener === null) return
    device.onChange = () => listener(key)
    listener(key)
  }
}
