import type { StatefulSet } from '../../shapes.ts'

/** What a ControllerRevision keeps: a patch that puts the template back. */
export const revisionData = ({ spec }: StatefulSet) => ({
  spec: { template: { ...spec.template, $patch: 'replace' } },
})

/** As the real controller computes it, so that the same template has the same name there and here. */
export const revisionHash = (data: unknown, collisions: number): string =>
  safelyEncoded(String(fnv32(goJson(data) + String(collisions))))

/** Keys sorted, and <, > and & escaped, as Go writes JSON. */
function goJson(value: unknown): string {
  const sorted = (_: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part
  return JSON.stringify(value, sorted).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** FNV-1, 32 bits. */
export function fnv32(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0
  return hash
}

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** Without vowels: no bad words. */
export const safelyEncoded = (text: string): string =>
  [...text].map((character) => ALPHABET[character.charCodeAt(0) % ALPHABET.length]).join('')
