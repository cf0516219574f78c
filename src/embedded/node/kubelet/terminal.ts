import type { Task } from '../os/fiber.ts'
import { Handle, SlowSinkHandle } from '../os/handle.ts'
import type { Machine } from '../os/machine.ts'
import { Pipe } from '../os/pipe.ts'
import type { Process } from '../os/process.ts'

/** As a kernel's terminal: what goes beyond is lost. */
const MAX_LINE = 4095

/** A terminal's line discipline: it echoes, lets lines be corrected, and makes a signal of Ctrl-C. */
export class Terminal extends Handle {
  readonly input = new Pipe()
  readonly #show: (text: string) => Promise<void>
  readonly #screen: SlowSinkHandle
  readonly #machine: Machine
  /** Resolves when the last that was shown is on its way. */
  readonly #taken: () => Promise<void>
  #session: Process | null = null
  #line = ''

  constructor(show: (text: string) => Promise<void>, machine: Machine) {
    super()
    let shown = Promise.resolve()
    this.#show = (text) => {
      shown = show(text)
      return shown
    }
    this.#screen = new SlowSinkHandle(this.#show)
    this.#taken = () => shown
    this.#machine = machine
    this.input.readers += 1
  }

  override get isTerminal(): boolean {
    return true
  }

  /** Whose terminal it is. */
  attach(process: Process): void {
    this.#session = process
  }

  override read(max: number): Task<string> {
    return this.input.read(max)
  }

  override write(text: string): Task<void> {
    return this.#screen.write(text.replace(/\r?\n/g, '\r\n'))
  }

  /** What somebody types. @returns when the echo of it is on its way */
  type(text: string): Promise<void> {
    for (const key of text)
      switch (key) {
        case '\r':
        case '\n':
          void this.#show('\r\n')
          void this.input.feed(`${this.#line}\n`)
          this.#line = ''
          break
        case '\x7f':
        case '\b':
          if (this.#line !== '') void this.#show('\b \b')
          this.#line = this.#line.slice(0, -1)
          break
        case '\x03':
          void this.#show('^C\r\n')
          this.#line = ''
          this.#interrupt()
          break
        case '\x04':
          if (this.#line === '') this.#end()
          else {
            void this.input.feed(this.#line)
            this.#line = ''
          }
          break
        case '\x15':
          void this.#show('\b \b'.repeat(this.#line.length))
          this.#line = ''
          break
        default:
          if (this.#line.length >= MAX_LINE) break
          this.#line += key
          void this.#show(key)
      }
    return this.#taken()
  }

  /** Everything that this terminal's first process has started and that is still in front. */
  #interrupt(): void {
    const session = this.#session
    if (session === null) return
    for (const process of this.#machine.processes.values())
      for (let above: Process | null = process; above !== null; above = above.parent)
        if (above === session) {
          this.#machine.signal(process, 'INT')
          break
        }
    void this.input.feed('\n')
  }

  #end(): void {
    this.input.writers = 0
    this.input.changed.open()
  }
}
