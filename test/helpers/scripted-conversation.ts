import type { Choice, Conversation, LabMessage } from '../../src/run/conversation.ts'

/** `elsewhere`: the student types nothing and does something in another terminal, until the prompt goes away. */
export type Answer = string | { readonly elsewhere: () => void }

/** A student who types what the script says; strict: a prompt without an answer throws, and so does a key that is not offered. */
export class ScriptedConversation implements Conversation {
  readonly interactive: boolean
  readonly told: LabMessage[] = []
  readonly #answers: Answer[]

  constructor(answers: readonly Answer[] | null) {
    this.interactive = answers !== null
    this.#answers = [...(answers ?? [])]
  }

  get unused(): number {
    return this.#answers.length
  }

  tell(message: LabMessage): void {
    this.told.push(message)
  }

  notes(): string[] {
    return this.told.flatMap((message) => (message.say === 'note' ? [message.text] : []))
  }

  verdicts(): string[] {
    return this.told.flatMap((message) =>
      message.say === 'checkpoint'
        ? message.verdicts.map(({ step, id, verdict }) => `${step}/${id}: ${verdict}`)
        : [],
    )
  }

  async choose(choices: readonly Choice[], signal: AbortSignal): Promise<string | null> {
    const answer = this.#answers.shift()
    const offered = choices.map(({ key }) => key)
    if (answer === undefined)
      throw new Error(`nobody answers: ${choices.map(({ text }) => text).join(' · ')}`)
    if (typeof answer === 'string') {
      if (!offered.includes(answer)) throw new Error(`"${answer}" is not offered: ${offered.join(', ')}`)
      return answer
    }
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(null), { once: true })
      answer.elsewhere()
    })
  }

  /** Free text takes the next answer as it is. */
  async ask(prompt: string, _signal: AbortSignal): Promise<string | null> {
    const answer = this.#answers.shift()
    if (typeof answer !== 'string') throw new Error(`nobody answers: ${prompt}`)
    return answer
  }

  watch = () => ({ waiting: () => {}, stop: () => {} })
}
