import type { Choice, Conversation, LabMessage } from '../../../src/run/conversation.ts'

/**
 * A student who presses Enter once, for the broken system, and then works in another terminal: the first piece of work
 * when the repair is asked for, another one each time it is judged as none. Types nothing, and lets questions be.
 */
export class StudentElsewhere implements Conversation {
  readonly interactive = true
  readonly told: LabMessage[] = []
  readonly #works: (() => Promise<unknown>)[]
  readonly #begun: Promise<unknown>[] = []
  #prompts = 0
  #due = true

  constructor(...works: (() => Promise<unknown>)[]) {
    this.#works = works
  }

  tell(message: LabMessage): void {
    this.told.push(message)
    if (message.say === 'unfixed') this.#due = true
  }

  /** Rejects with what went wrong elsewhere, and when some of it was never asked for. */
  async done(): Promise<void> {
    await Promise.all(this.#begun)
    if (this.#works.length > 0) throw new Error(`${this.#works.length} pieces of work were never asked for`)
  }

  of<S extends LabMessage['say']>(say: S): Extract<LabMessage, { readonly say: S }>[] {
    return this.told.filter(
      (message): message is Extract<LabMessage, { readonly say: S }> => message.say === say,
    )
  }

  /** What was told, a line each, for the message of a test that fails. */
  story(): string {
    return this.told
      .map((message) => {
        if ('text' in message) return `${message.say}: ${message.text}`
        if (!('verdicts' in message)) return message.say
        return `${message.say}: ${message.verdicts.map(({ id, verdict, reason }) => `${id} ${verdict} (${reason})`).join(', ')}`
      })
      .join('\n')
  }

  async choose(_choices: readonly Choice[], signal: AbortSignal): Promise<string | null> {
    this.#prompts += 1
    if (this.#prompts === 1) return ''
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(null), { once: true })
      if (signal.aborted) return resolve(null)
      if (!this.#due) return
      this.#due = false
      const work = this.#works.shift()
      const begun = work === undefined ? Promise.resolve() : work()
      begun.catch(reject)
      this.#begun.push(begun)
    })
  }

  async ask(): Promise<string> {
    return ''
  }

  watch = () => ({ waiting: () => {}, stop: () => {} })
}
