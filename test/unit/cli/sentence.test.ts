import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/cli/sentence.ts'

const LONG = 'no lab cluster can be reached: no kubeconfig found (looked for /home/ann/.kube/config)'

describe('a sentence', () => {
  it('is broken between words where the screen is too narrow for it', () => {
    expect(sentence(LONG, { interactive: true, columns: 80 })).toBe(
      'no lab cluster can be reached: no kubeconfig found (looked for\n/home/ann/.kube/config)',
    )
  })

  it('is one line where it fits, and in a log', () => {
    expect(sentence(LONG, { interactive: true, columns: 100 })).toBe(LONG)
    expect(sentence(LONG, { interactive: false, columns: 80 })).toBe(LONG)
  })

  it('leaves a quotation and the caret under it where they are', () => {
    const quoted = `set.yaml:10:3: unknown field\n   10 |   ${'replica: '.repeat(12)}\n          ^`
    expect(sentence(quoted, { interactive: true, columns: 40 })).toBe(quoted)
  })
})
