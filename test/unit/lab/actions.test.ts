import { describe, expect, it } from 'vitest'
import { manifestsOf, partsOf } from '../../../src/lab/actions.ts'
import type { LabAction } from '../../../src/lab/lab.ts'
import { tinyLab } from '../run/tiny-lab.ts'

const apply = (...manifests: string[]): LabAction => ({ do: 'apply', manifests })
const several = (...actions: LabAction[]): LabAction => ({ do: 'several', actions })

describe('the parts of an action', () => {
  it('are the single ones, in order and however deep', () => {
    const wait: LabAction = { do: 'wait', until: { see: 'ready', replicas: 1 } }
    expect(partsOf(several(apply('a'), several(wait, apply('b'))))).toEqual([apply('a'), wait, apply('b')])
    expect(partsOf(null)).toEqual([])
  })
})

describe('the manifests of a lab', () => {
  it('are those of its steps, its wrong solutions and its solution, each once', () => {
    const wrong = {
      id: 'other',
      title: 'other',
      manifests: null,
      instead: { setup: several(apply('wrong/set.yaml'), apply('set.yaml')) },
      fills: {},
      upTo: null,
      fails: ['goal'],
      mayFail: [],
    }
    expect(manifestsOf({ ...tinyLab, wrong: [wrong], solution: ['ours.yaml', 'set.yaml'] })).toEqual([
      'namespace.yaml',
      'service.yaml',
      'set.yaml',
      'wrong/set.yaml',
      'ours.yaml',
    ])
  })
})
