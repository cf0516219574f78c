import { describe, expect, it } from 'vitest'
import { parsePages } from '../../../src/run/page-probe.ts'

describe('what the probe printed', () => {
  it('is read asking by asking, with the code it ended with', () => {
    const printed = '-b- 0\n<h1>\nweb-0\n-b- 1\nwget: refused\n-b- 143\n\n-b- end\n'
    expect(parsePages(printed, '-b-')).toEqual([
      { code: '0', text: '<h1>\nweb-0' },
      { code: '1', text: 'wget: refused' },
      { code: '143', text: '' },
    ])
  })

  it('is nothing when it was cut short', () => {
    expect(parsePages('-b- 0\n<h1>', '-b-')).toEqual([])
  })
})
