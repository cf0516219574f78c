import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/sts-lab.js', import.meta.url))
/** What would make a run depend on the terminal or the machine it happens on. */
const NOT_INHERITED = [
  'KUBECONFIG',
  'FORCE_COLOR',
  'NO_COLOR',
  'CI',
  'COLUMNS',
  'NODE_OPTIONS',
  'VITEST',
  'DEBUG',
]

export interface CliOptions {
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Written to stdin, which then ends. */
  readonly input?: string
  /** The run is killed and rejected after this. Default 60 000. */
  readonly timeoutMs?: number
  /** Another command file, e.g. of an installed package. */
  readonly bin?: string
}

export interface CliResult {
  /** null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
}

/** Runs the built `sts-lab` off a terminal, with a home and a progress folder of its own and no kubeconfig. */
export const runCli = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  startCli(args, options).result

/** The same, for tests that signal the process while it runs. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { readonly process: ChildProcess; readonly result: Promise<CliResult> } {
  const { env = {}, input = '', timeoutMs = 60_000, bin = BIN } = options
  const started = performance.now()
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const result = new Promise<CliResult>((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    // A command that ends without reading its input closes the pipe under us.
    child.stdin.on('error', () => {}).end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (late) {
        const shown = `--- stdout\n${stdout}\n--- stderr\n${stderr}`
        reject(new Error(`sts-lab ${args.join(' ')} did not end within ${timeoutMs} ms\n${shown}`))
      } else resolve({ code, signal, stdout, stderr, durationMs: performance.now() - started })
    })
  })
  return { process: child, result }
}

let home: string | null = null

function cleanEnvironment(): NodeJS.ProcessEnv {
  if (home === null) {
    const folder = mkdtempSync(join(tmpdir(), 'sts-lab-home-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    home = folder
  }
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name))
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    KUBECONFIG: join(home, 'no-kubeconfig'),
    STS_LAB_HOME: join(home, 'sts-lab'),
  }
}
