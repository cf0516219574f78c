import { cellWidth, cut } from '../report/layout.ts'
import type { Choice } from '../run/conversation.ts'

const BETWEEN = ' · '

/** What can be typed, in lines of at most `width` cells that break between choices, never within one that fits. */
export function offerLines(choices: readonly Choice[], width: number): string[] {
  const lines: string[] = []
  for (const { key, text } of choices) {
    const offer = `${keyName(key)}: ${text}`
    const last = lines.at(-1)
    if (last === undefined || cellWidth(last + BETWEEN + offer) > width) lines.push(offer)
    else lines[lines.length - 1] = last + BETWEEN + offer
  }
  return lines
}

/** Said to who typed something that was not offered. */
export const notOffered = (typed: string, choices: readonly Choice[]): string =>
  `"${cut(typed.trim(), 20)}" is none of these: ${choices.map(({ key }) => keyName(key)).join(', ')}.`

const keyName = (key: string): string => (key === '' ? 'Enter' : key)
