import { OutOfMemory } from '../os/memory.ts'

interface Segment {
  readonly text: string
  readonly quoted: boolean
}
export type Field = Segment[]

/** A list of words as long as this is an accident, or an attack. */
export const MAX_FIELDS = 131_072

/** Gathers fields while a word is expanded. */
export class Fields {
  readonly done: Field[] = []
  #open: Field | null = null

  add(text: string, quoted: boolean): void {
    this.#open ??= []
    this.#open.push({ text, quoted })
  }

  end(): void {
    if (this.done.length >= MAX_FIELDS) throw new OutOfMemory()
    if (this.#open !== null) this.done.push(this.#open)
    this.#open = null
  }

  /** An expansion that is not quoted falls apart at the characters of IFS. */
  split(text: string, ifs: string): void {
    const blank = [...ifs].filter((character) => ' \t\n'.includes(character)).join('')
    let piece = ''
    const flush = () => {
      if (piece !== '') this.add(piece, false)
      piece = ''
    }
    let afterSeparator = false
    for (const character of text)
      if (!ifs.includes(character)) {
        piece += character
        afterSeparator = false
      } else {
        flush()
        if (blank.includes(character)) this.end()
        else {
          if (this.#open === null && (afterSeparator || this.done.length === 0)) this.add('', false)
          this.end()
          afterSeparator = true
        }
      }
    flush()
  }
}
