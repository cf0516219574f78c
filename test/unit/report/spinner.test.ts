import { describe, expect, it } from 'vitest'
import { withSpinner } from '../../../src/report/spinner.ts'
import { aTerminal } from './fake-terminal.ts'

describe('the spinner', () => {
  it('says its text once off a terminal, without escape codes', async () => {
    const { terminal, stderr } = aTerminal()
    expect(await withSpinner(terminal, 'reading', async () => 7)).toBe(7)
    expect(stderr()).toBe('reading\n')
  })

  it('shows its text while the work runs and leaves the cursor visible', async () => {
    const { terminal, stderr, stdout } = aTerminal({ interactive: true })
    await withSpinner(terminal, 'reading', async () => {
      expect(stderr()).toContain('reading')
      expect(stderr().lastIndexOf('\u001b[?25l')).toBeGreaterThan(stderr().lastIndexOf('\u001b[?25h'))
    })
    expect(stderr().endsWith('\u001b[?25h')).toBe(true)
    expect(stdout()).toBe('')
  })

  it('passes the error on and cleans up all the same', async () => {
    const { terminal, stderr } = aTerminal({ interactive: true })
    const work = withSpinner(terminal, 'reading', () => Promise.reject(new Error('refused')))
    await expect(work).rejects.toThrow('refused')
    expect(stderr().endsWith('\u001b[?25h')).toBe(true)
  })

  it('keeps escape codes in its text harmless', async () => {
    const { terminal, stderr } = aTerminal({ interactive: true })
    await withSpinner(terminal, 'reading \u001b]52;c;x\u0007', async () => {})
    expect(stderr()).not.toContain('\u001b]52')
  })
})
