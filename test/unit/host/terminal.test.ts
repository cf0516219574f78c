import { spawn } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createTerminal, type TerminalOptions } from '../../../src/host/terminal.ts'

class FakeStream extends EventEmitter {
  written = ''
  isTTY?: boolean
  columns?: number
  rows?: number

  constructor(fields: { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number } = {}) {
    super()
    Object.assign(this, fields)
  }

  write(text: string): boolean {
    this.written += text
    return true
  }
}

function aTerminal(
  fields: Partial<Omit<TerminalOptions, 'stdout' | 'stderr'>> & { outTTY?: boolean; errTTY?: boolean },
) {
  const stdout = new FakeStream({ isTTY: fields.outTTY ?? true, columns: 90 })
  const stderr = new FakeStream({ isTTY: fields.errTTY ?? true, columns: 100, rows: 40 })
  const terminal = createTerminal({
    stdin: { isTTY: true },
    env: {},
    platform: 'linux',
    ...fields,
    stdout,
    stderr,
  })
  return { terminal, stdout, stderr }
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

describe('the terminal', () => {
  it('is interactive only with a keyboard, a screen on stderr and cursor movement', () => {
    expect(aTerminal({}).terminal.interactive).toBe(true)
    expect(aTerminal({ outTTY: false }).terminal.interactive).toBe(true)
    expect(aTerminal({ stdin: {} }).terminal.interactive).toBe(false)
    expect(aTerminal({ errTTY: false }).terminal.interactive).toBe(false)
    expect(aTerminal({ env: { TERM: 'dumb' } }).terminal.interactive).toBe(false)
  })

  it.each([
    ['a terminal', {}, true],
    ['a file', { outTTY: false }, false],
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, false],
    ['an empty NO_COLOR, which does not count', { env: { NO_COLOR: '' } }, true],
    ['TERM=dumb', { env: { TERM: 'dumb' } }, false],
    ['FORCE_COLOR into a file', { outTTY: false, env: { FORCE_COLOR: '1' } }, true],
    ['FORCE_COLOR over NO_COLOR', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }, true],
    ['FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }, false],
    ['--no-color over FORCE_COLOR', { noColour: true, env: { FORCE_COLOR: '1' } }, false],
  ] as const)('decides on colour for %s', (_name, fields, colour) => {
    expect(aTerminal(fields).terminal.colour).toBe(colour)
  })

  it('colours progress on a screen while the result goes to a file', () => {
    const { terminal } = aTerminal({ outTTY: false })
    expect([terminal.colour, terminal.progressColour]).toEqual([false, true])
  })

  it.each([
    [{ LANG: 'C.UTF-8' }, 'linux', true],
    [{ LANG: 'en_US.utf8' }, 'linux', true],
    [{ LANG: 'C.UTF-8', LC_ALL: 'C' }, 'linux', false],
    [{ LANG: 'POSIX' }, 'linux', false],
    [{}, 'linux', false],
    [{}, 'darwin', true],
    [{}, 'win32', true],
  ] as const)('knows from %o on %s that Unicode is %s', (env, platform, unicode) => {
    expect(aTerminal({ env, platform }).terminal.unicode).toBe(unicode)
  })

  it('knows its size, also after it changed', () => {
    const { terminal, stderr } = aTerminal({})
    expect([terminal.columns, terminal.rows]).toEqual([100, 40])
    stderr.columns = 60
    expect(terminal.columns).toBe(60)
  })

  it('takes 80 columns where nobody knows', () => {
    const stdout = new FakeStream()
    const make = (env: Record<string, string>) =>
      createTerminal({ stdin: {}, stdout, stderr: new FakeStream(), env, platform: 'linux' })
    expect(make({}).columns).toBe(80)
    expect(make({ COLUMNS: '132' }).columns).toBe(132)
    expect(make({ COLUMNS: 'wide' }).columns).toBe(80)
  })

  it('sends results to stdout and progress to stderr', () => {
    const { terminal, stdout, stderr } = aTerminal({})
    terminal.out('result')
    terminal.err('progress')
    expect([stdout.written, stderr.written]).toEqual(['result', 'progress'])
  })

  it('writes nothing more to a reader that went away, and does not crash', () => {
    const { terminal, stdout, stderr } = aTerminal({})
    stdout.emit('error', failure('EPIPE'))
    terminal.out('nobody reads this')
    terminal.err('still here')
    expect([stdout.written, stderr.written]).toEqual(['', 'still here'])
  })

  it('does not hide that a result could not be written', () => {
    const { stdout } = aTerminal({})
    expect(() => stdout.emit('error', failure('ENOSPC'))).toThrow('ENOSPC')
  })

  it('remembers whether the cursor is hidden', () => {
    const { terminal } = aTerminal({})
    expect(terminal.cursorHidden).toBe(false)
    terminal.err('\u001b[?25l board')
    terminal.err('more board')
    expect(terminal.cursorHidden).toBe(true)
    terminal.err('\u001b[?25h')
    expect(terminal.cursorHidden).toBe(false)
  })
})

describe('the terminal of a process', () => {
  const module = new URL('../../../src/host/terminal.ts', import.meta.url).href
  const run = async (code: string, reader: 'reads' | 'leaves') => {
    const { build } = await import('esbuild')
    const bundled = await build({
      stdin: {
        contents: `import { processTerminal } from ${JSON.stringify(new URL(module).pathname)}\n${code}`,
        resolveDir: '.',
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    })
    const child = spawn(process.execPath, ['--input-type=module', '-'], { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stdin.end(bundled.outputFiles[0]?.text)
    if (reader === 'leaves') child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
    return { exitCode, stderr }
  }

  it('keeps its exit code when stdout is closed early', async () => {
    const code = `
      const terminal = processTerminal()
      for (let n = 0; n < 50; n += 1) {
        terminal.out('x'.repeat(100_000))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      terminal.err('carried on')
      process.exitCode = 1`
    expect(await run(code, 'leaves')).toEqual({ exitCode: 1, stderr: 'carried on' })
  })

  it('shows a hidden cursor again when the process crashes', async () => {
    const { exitCode, stderr } = await run(
      `processTerminal().err('\\u001b[?25l'); throw new Error('bug')`,
      'reads',
    )
    expect(exitCode).toBe(1)
    expect(stderr.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stderr.indexOf('\u001b[?25l'))
  })
})
