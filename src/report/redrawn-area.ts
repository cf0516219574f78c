import type { Terminal } from '../ports.ts'
import { cellWidth } from './layout.ts'

const csi = '\u001b['
const styling = /\u001b\[[0-9;]*m/g

/**
 * The lines at the bottom of a terminal that are drawn again and again, on stderr. The cursor rests at the
 * beginning of the line below them, hidden from the first drawing until `release`. Each drawing is one write
 * that touches only the lines that changed, which is what keeps it from flickering.
 */
export class RedrawnArea {
  readonly #terminal: Terminal
  #lines: readonly string[] = []
  #drawnColumns = 0
  #hidden = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  get columns(): number {
    return Math.max(20, this.#terminal.columns)
  }

  get rows(): number {
    return Math.max(4, this.#terminal.rows ?? 24)
  }

  /** @param lines no wider than `columns`, and fewer than `rows` */
  draw(lines: readonly string[]): void {
    const resized = this.#drawnColumns !== this.columns
    const same =
      !resized && lines.length === this.#lines.length && lines.every((line, i) => line === this.#lines[i])
    if (same) return
    const hide = this.#hidden ? '' : `${csi}?25l`
    const body = lines
      .map((line, index) => (!resized && line === this.#lines[index] ? '\n' : `${line}${csi}K\n`))
      .join('')
    this.#terminal.err(`${hide}${this.#toTop()}${resized ? `${csi}J` : ''}${body}${csi}J`)
    this.#hidden = true
    this.#lines = lines
    this.#drawnColumns = this.columns
  }

  /** Takes the lines away; the cursor is where they began. */
  clear(): void {
    if (this.#lines.length > 0) this.#terminal.err(`${this.#toTop()}${csi}J`)
    this.#lines = []
  }

  /** Leaves what is drawn where it is and shows the cursor again. The next drawing begins below. */
  release(): void {
    if (this.#hidden) this.#terminal.err(`${csi}?25h`)
    this.#hidden = false
    this.#lines = []
  }

  #toTop(): string {
    const columns = this.columns
    // A terminal made narrower has broken the longer lines in two.
    const rows = this.#lines
      .map((line) => Math.max(1, Math.ceil(cellWidth(line.replace(styling, '')) / columns)))
      .reduce((sum, height) => sum + height, 0)
    return rows === 0 ? '' : `\r${csi}${Math.min(rows, this.rows - 1)}A`
  }
}
