import { cut } from './layout.ts'

/** Milliseconds as JUnit writes times. */
export const seconds = (ms: number): string => (ms / 1000).toFixed(3)

export const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(cut(value, 1000))}"`)
    .join('')

/**
 * XML has no way to write most control characters, not even as references, and CI pages show the rest; so each
 * line is made printable first, which spells them out.
 */
export const escapeXml = (text: string): string =>
  text
    .split('\n')
    .map((line) => cut(line, 4000))
    .join('\n')
    // Non-characters and lone surrogates, which no encoding of XML may carry.
    .replace(
      /[\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
