import type { StudentFolder } from '../../src/run/fill-tools.ts'

/** A student's folder in memory. `save` is what an editor does. */
export class MemoryFolder implements StudentFolder {
  readonly path = '/home/student/tiny'
  readonly shown = 'tiny'
  readonly files = new Map<string, string>()
  readonly #watchers = new Set<() => void>()

  save(file: string, text: string): void {
    this.files.set(file, text)
    for (const changed of [...this.#watchers]) changed()
  }

  async read(file: string): Promise<string | null> {
    return this.files.get(file) ?? null
  }

  async create(file: string, text: string): Promise<boolean> {
    if (this.files.has(file)) return false
    this.files.set(file, text)
    return true
  }

  async replace(file: string, text: string): Promise<void> {
    this.files.set(file, text)
  }

  watch(changed: () => void, signal: AbortSignal): boolean {
    this.#watchers.add(changed)
    signal.addEventListener('abort', () => this.#watchers.delete(changed), { once: true })
    return true
  }
}
