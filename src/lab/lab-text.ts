import {
  type Document,
  type DocumentOptions,
  isMap,
  isNode,
  isPair,
  LineCounter,
  type Node,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
} from 'yaml'
import type { LabProblem } from './problem.ts'

export type Path = readonly (string | number)[]

export type Flavour = ParseOptions & DocumentOptions & SchemaOptions

/** A YAML file as text with a way from a path in its data to the place in the text. YAML core 1.2 unless told otherwise. */
export class LabText {
  readonly file: string
  readonly document: Document.Parsed
  readonly #text: string
  readonly #lines = new LineCounter()

  /** @param flavour how YAML is read; manifests are read as kubectl does (`KUBECTL_YAML`). */
  constructor(file: string, text: string, flavour: Flavour = { version: '1.2' }) {
    this.file = file
    this.#text = text
    this.document = parseDocument(text, { ...flavour, lineCounter: this.#lines, prettyErrors: false })
  }

  /** What the YAML parser itself has to say; empty when it is well-formed. */
  syntaxProblems(): readonly LabProblem[] {
    return this.document.errors.map((error) =>
      this.problemAtOffset(error.pos[0], `not valid YAML: ${error.message}`),
    )
  }

  /** A problem with the value at `path`; where there is none, with the nearest thing around it. */
  problemAt(path: Path, message: string): LabProblem {
    for (let length = path.length; length > 0; length--) {
      const node = this.nodeAt(path.slice(0, length))
      if (node !== null) return this.problemAtOffset(node.range?.[0] ?? 0, message)
    }
    return this.problemAtOffset(firstOffset(this.document.contents), message)
  }

  /** A problem with a key of the map at `path`, rather than with its value. */
  problemAtKey(path: Path, key: string, message: string): LabProblem {
    const map = this.nodeAt(path)
    if (isMap(map)) {
      for (const pair of map.items) {
        if (isPair(pair) && isNode(pair.key) && String(pair.key) === key)
          return this.problemAtOffset(pair.key.range?.[0] ?? 0, message)
      }
    }
    return this.problemAt(path, message)
  }

  valueAt(path: Path): unknown {
    return this.document.getIn(path)
  }

  /** null where the text has nothing. */
  nodeAt(path: Path): Node | null {
    const found = path.length === 0 ? this.document.contents : this.document.getIn(path, true)
    return isNode(found) ? found : null
  }

  /** A problem with the text from an offset on. */
  problemAtOffset(offset: number, message: string): LabProblem {
    const { line, col } = this.#lines.linePos(offset)
    const text = this.#text.split('\n')[line - 1]?.replace(/\r$/, '') ?? ''
    return { file: this.file, line, column: col, message, text }
  }
}

const firstOffset = (node: Node | null): number => node?.range?.[0] ?? 0
