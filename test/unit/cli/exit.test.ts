import { describe, expect, it } from 'vitest'
import { reportError } from '../../../src/cli/exit.ts'
import { interruptedError, undecidedError, usageError } from '../../../src/errors.ts'
import type { Terminal } from '../../../src/ports.ts'

function report(error: unknown) {
  let out = ''
  let err = ''
  const terminal: Terminal = {
    interactive: false,
    colour: false,
    columns: 80,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  }
  const code = reportError(error, terminal)
  return { code, out, err }
}

describe('an error that ends a command', () => {
  it.each([
    ['a wrong request', usageError('x', 'no such lab'), 2],
    ['a cluster that cannot answer', undecidedError('x', 'no cluster'), 3],
    ['Ctrl-C', interruptedError(), 130],
    ['an exception nobody expected', new TypeError('x is not a function'), 4],
    ['a thrown string', 'oops', 4],
  ])('has its exit code: %s', (_, error, code) => {
    expect(report(error).code).toBe(code)
  })

  it('is told on stderr with the next step, and never on stdout', () => {
    expect(report(usageError('x', 'no such lab', 'sts-lab list'))).toMatchObject({
      out: '',
      err: 'sts-lab: no such lab\n  → sts-lab list\n',
    })
  })

  it('is not called a bug unless it is one, and then comes with its stack', () => {
    expect(report(undecidedError('x', 'no cluster')).err).not.toContain('bug')
    const { err } = report(new TypeError('x is not a function'))
    expect(err).toContain('this is a bug in sts-lab')
    expect(err).toMatch(/TypeError: x is not a function\n +at /)
  })

  it('keeps its lines, without the control characters of what it quotes', () => {
    const { err } = report(undecidedError('x', 'one\ntwo \u001b[31mred', 'do\u0007 this'))
    expect(err.split('\n')).toHaveLength(4)
    expect(err.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })
})
