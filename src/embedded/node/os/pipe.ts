import { Errno } from './errno.ts'
import { Gate, type Task } from './fiber.ts'

const CAPACITY = 65_536

/** Bytes on their way from writers to readers. */
export class Pipe {
  readonly changed = new Gate()
  #buffer = ''
  readers = 0
  writers = 0

  get buffered(): number {
    return this.#buffer.length
  }

  /** '' when no writer is left. */
  *read(max: number): Task<string> {
    while (this.#buffer === '' && this.writers > 0) yield this.changed.wait
    const taken = this.#buffer.slice(0, max)
    this.#buffer = this.#buffer.slice(taken.length)
    if (taken !== '') this.changed.open()
    return taken
  }

  /** @throws Errno EPIPE when nobody can read it any more */
  *write(text: string): Task<void> {
    for (let rest = text; rest !== ''; ) {
      if (this.readers === 0) throw new Errno('EPIPE')
      const room = CAPACITY - this.#buffer.length
      if (room > 0) {
        this.#buffer += rest.slice(0, room)
        rest = rest.slice(room)
        this.changed.open()
      }
      if (rest !== '') yield this.changed.wait
    }
  }

  /** From outside the container. @returns when there is room for more, or nobody left to read it */
  async feed(text: string): Promise<void> {
    if (this.readers === 0) return
    this.#buffer += text
    this.changed.open()
    while (this.#buffer.length > CAPACITY && this.readers > 0)
      await new Promise<void>((resolve) => this.changed.wait(resolve))
  }
}
