import { describe, expect, it } from 'vitest'
import { gapsBetween, lastWindow, windowEnd, windowsOf } from '../../../src/timeline/windows.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { Script } from '../../helpers/script.ts'

describe('windows', () => {
  it('run from begin to end with their outcome and reason', () => {
    const { observations } = new Script().begin('grow').end('grow', 'timeout', 'web-3 is not ready')
    expect(windowsOf(observations)).toEqual([
      { phase: 'grow', begin: 1, end: 2, outcome: 'timeout', reason: 'web-3 is not ready' },
    ])
  })

  it('of a whole pass are its phases in order', () => {
    expect(windowsOf(perfectPass()).map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual([
      'baseline reached',
      'replace reached',
      'grow reached',
      'shrink reached',
      'regrow reached',
      'restore reached',
    ])
  })

  it('the last one that has ended counts, even while another is open', () => {
    const { observations } = new Script()
      .begin('grow')
      .end('grow')
      .begin('grow')
      .end('grow', 'timeout')
      .begin('grow')
    expect(lastWindow(observations, 'grow')).toMatchObject({ begin: 3, end: 4, outcome: 'timeout' })
  })

  it('an open one counts where none has ended, and reaches to the last observation', () => {
    const { observations } = new Script().begin('grow').pod(0, 'added')
    const window = lastWindow(observations, 'grow')
    expect(window).toMatchObject({ begin: 1, end: null, outcome: null })
    expect(window === null ? null : windowEnd(observations, window)).toBe(2)
    expect(lastWindow(observations, 'shrink')).toBeNull()
  })

  it('an end without a begin is nothing', () => {
    expect(windowsOf(new Script().end('grow').observations)).toEqual([])
  })
})

describe('gapsBetween', () => {
  it('gives the gaps of that stream only, bounds excluded', () => {
    const { observations } = new Script().gap('pods').gap('claims').gap('pods').gap('pods')
    expect(gapsBetween(observations, 'pods', 1, 4).map((gap) => gap.seq)).toEqual([3])
  })
})
