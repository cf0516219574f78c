import { describe, expect, it } from 'vitest'
import { fillPattern, fillStep, placeholderValues } from '../../../src/lab/placeholders.ts'
import { tinyLab } from '../run/tiny-lab.ts'

const [first] = tinyLab.steps
if (first === undefined) throw new Error('the tiny lab has steps')
const blank = { id: 'label', at: 'spec', ask: 'which?', accept: [], hints: [], solution: '"web"' }
const lab = {
  ...tinyLab,
  steps: [{ ...first, action: { do: 'fill', file: 'a.yaml', blanks: [blank] } as const }],
}

describe('placeholders', () => {
  it('stand for what the student wrote, else for what our solution has, without its quotes', () => {
    const written = new Map([['label', 'shop']])
    expect(placeholderValues(lab, 'mine', (id) => written.get(id))).toEqual({
      namespace: 'mine',
      'blank.label': 'shop',
    })
    expect(placeholderValues(lab, 'mine', () => undefined)['blank.label']).toBe('web')
  })

  it('are filled in where sts-lab acts and waits as well as where the student reads', () => {
    const objects = [{ kind: 'PersistentVolumeClaim', name: null, selector: 'app={blank.label}' }] as const
    const step = { ...first, explain: 'in {namespace}', hints: ['-l app={blank.label}'] }
    const filled = fillStep(
      { ...step, action: { do: 'delete', objects }, until: { see: 'gone', objects } },
      { namespace: 'mine', 'blank.label': 'shop' },
    )
    const there = [{ ...objects[0], selector: 'app=shop' }]
    expect(filled).toMatchObject({
      explain: 'in mine',
      hints: ['-l app=shop'],
      action: { objects: there },
      until: { objects: there },
    })
  })

  it('mean themselves in a pattern, whatever signs they have', () => {
    const pattern = new RegExp(`^${fillPattern('{blank.label}-web-0', { 'blank.label': 'a.b+c' })}$`, 'u')
    expect(pattern.test('a.b+c-web-0')).toBe(true)
    expect(pattern.test('axbbc-web-0')).toBe(false)
  })

  it('that nobody knows stay as they are', () => {
    expect(fillStep({ ...first, explain: '{blank.other} {pod}' }, { namespace: 'x' }).explain).toBe(
      '{blank.other} {pod}',
    )
  })
})
