import type { VerifyResult } from '../result.ts'

const longestText = 4000
const mostEvidence = 200

/**
 * The result as other tools read it: two-space JSON and a newline. Control characters stay in it as JSON
 * escapes. Texts longer than 4000 UTF-16 units end in an ellipsis and a criterion quotes at most 200
 * observations, so that no pod can make a result of any size.
 */
export function jsonReport(result: VerifyResult): string {
  const bounded: VerifyResult = {
    ...result,
    criteria: result.criteria.map((criterion) => ({
      ...criterion,
      evidence: criterion.evidence.slice(0, mostEvidence),
    })),
  }
  return boundedJson(bounded)
}

/** Any result in the same way: two-space JSON and a newline, no text longer than 4000 UTF-16 units. */
export function boundedJson(result: unknown): string {
  const text = JSON.stringify(
    result,
    (_key, value: unknown) => (typeof value === 'string' ? boundedText(value) : value),
    2,
  )
  return `${escapeRest(text)}\n`
}

function boundedText(text: string): string {
  if (text.length <= longestText) return text
  const cut = text.slice(0, longestText - 1)
  // Half a surrogate pair would not be a character.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/**
 * JSON.stringify leaves DEL, the C1 controls and the marks that turn the direction of text as they are; on a terminal they
 * act. The escape means the same to whoever parses it.
 */
const escapeRest = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
