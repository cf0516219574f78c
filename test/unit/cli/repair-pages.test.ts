import { describe, expect, it } from 'vitest'
import { labPage } from '../../../src/cli/lab-pages.ts'
import type { LabMessage } from '../../../src/run/conversation.ts'
import type { StepVerdict } from '../../../src/run/lab-verdict.ts'
import { tinyLab } from '../run/tiny-lab.ts'

const shown = (message: LabMessage): string =>
  labPage(message, {
    terminal: { interactive: true, colour: false, columns: 60, out: () => {}, err: () => {} },
    brief: false,
  })

const failed: StepVerdict = {
  step: 'repair',
  id: 'dns-resolution',
  title: 'Each pod has a name',
  verdict: 'fail',
  reason: 'there is no Service cart',
  expected: 'an address',
  actual: 'none',
  hint: null,
  seen: { reason: null, lines: ['cart-0.cart → no address', 'cart-1.cart → no address'] },
}

describe('the pages of a repair', () => {
  it('say what was seen, in lines that fit', () => {
    const text = `service ${'a'.repeat(30)} was deleted, service ${'b'.repeat(20)} was created`
    const lines = shown({ say: 'noticed', text }).trimEnd().split('\n')
    expect(lines.join(' ')).toBe(`Seen: ${text}.`)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60)
  })

  it('show of a check what there is to see, and not why it fails', () => {
    const page = shown({ say: 'unfixed', verdicts: [failed] })
    expect(page).toContain('FAIL  Each pod has a name')
    expect(page).toContain('seen      cart-0.cart → no address')
    expect(page).not.toContain('there is no Service')
    const lost = { ...failed, hint: 'nothing brings it back' }
    expect(shown({ say: 'unfixed', verdicts: [lost] })).toContain('hint      nothing brings it back')
  })

  it('tell advice, and the way to begin anew where there is none on', () => {
    expect(shown({ say: 'advice', text: 'Look again.', reset: null })).not.toContain('sts-lab reset')
    const hopeless = shown({ say: 'advice', text: 'It is lost.', reset: 'sts-lab reset mistake-3' })
    expect(hopeless).toContain('No way on from here')
    expect(hopeless).toContain('r   here, or when you have left: sts-lab reset mistake-3')
  })

  it('end with how to remove what is left, and where to go on', () => {
    const lab = tinyLab
    const end = (remains: boolean, namespace: string): string =>
      shown({ say: 'finished', lab, namespace, remains, verdicts: [] }).replaceAll(/\s+/g, ' ')
    expect(end(true, 'mine')).toContain('`sts-lab clean tiny --namespace mine` removes')
    expect(end(false, lab.namespace)).not.toContain('clean')
    expect(end(false, lab.namespace)).toContain('`sts-lab list`')
  })
})
