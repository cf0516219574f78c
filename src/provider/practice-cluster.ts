import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError, undecidedError, usageError } from '../errors.ts'
import type { PracticeCluster, PracticeProcess, PracticeSpeed, PracticeState } from '../ports.ts'

/** The background process of the embedded cluster, and where it is kept. */
export interface PracticeSetting {
  /** Everything of it; made by `up`, removed by `down`. */
  readonly folder: string
  /** The script that runs it: dist/embedded-cluster.mjs. */
  readonly script: string
  readonly processes: {
    readonly host: string
    /** '' where the platform does not say. */
    birthOf(pid: number): string
    isAlive(host: string, pid: number, birth?: string): boolean | null
  }
}

const START_TIMEOUT_MS = 15_000
const STOP_TIMEOUT_MS = 5_000
const LOOK_MS = 10
const LAST_WORDS = 5

export function practiceCluster({ folder, script, processes }: PracticeSetting): PracticeCluster {
  const file = (name: string) => path.join(folder, name)
  const kubeconfig = file('kubeconfig')
  const log = file('log')

  const note = (running: PracticeProcess): Promise<void> =>
    writeFile(file('process.json'), `${JSON.stringify(running)}\n`, { mode: 0o600 })
  const noted = async (): Promise<PracticeProcess | null> => {
    try {
      return JSON.parse(await readFile(file('process.json'), 'utf8')) as PracticeProcess
    } catch {
      return null // none, or half of one: whoever wrote it did not come to its end
    }
  }
  const lives = ({ host, pid, birth }: PracticeProcess): boolean =>
    processes.isAlive(host, pid, birth) !== false
  const lastWords = async (): Promise<readonly string[]> => {
    const text = await readFile(log, 'utf8').catch(() => '')
    return text.trimEnd().split('\n').slice(-LAST_WORDS)
  }
  const clear = async (): Promise<void> => {
    for (const name of ['process.json', 'kubeconfig', 'log']) await rm(file(name), { force: true })
    // Whatever else somebody put there is theirs.
    await rmdir(folder).catch(() => undefined)
  }

  const state = async (): Promise<PracticeState> => {
    const process = await noted()
    if (process === null) return { state: 'down' }
    if (lives(process)) return { state: 'running', process }
    return { state: 'ended', process, lastWords: await lastWords() }
  }

  return {
    kubeconfig,
    log,
    state,
    async up({ speed, port }) {
      const before = await state()
      if (before.state === 'running') return { began: false, process: before.process }
      await clear()
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const out = openSync(log, 'a', 0o600)
      let child: ChildProcess
      try {
        child = spawn(
          process.execPath,
          [script, '--folder', folder, '--speed', speed, '--port', String(port)],
          // A session of its own: it survives the terminal. Its folder keeps no other one from being removed.
          { detached: true, stdio: ['ignore', out, out, 'ipc'], cwd: folder, windowsHide: true },
        )
      } finally {
        closeSync(out)
      }
      try {
        const started = await begin(child, speed, port)
        await note(started)
        return { began: true, process: started }
      } catch (error) {
        child.kill('SIGKILL')
        const words = (await lastWords()).filter((line) => line !== '')
        await clear()
        if (error instanceof LabError) throw error
        throw undecidedError(
          'practice-cluster-failed',
          `the practice cluster did not start: ${error instanceof Error ? error.message : String(error)}`,
          words.length === 0 ? undefined : `it said: ${words.join(' | ')}`,
        )
      }
    },
    async down() {
      const before = await state()
      if (before.state === 'running') await stop(before.process)
      await clear()
      return before.state
    },
  }

  /** Noted before it is asked for anything: it ends by itself when this process dies before it has answered. */
  async function begin(child: ChildProcess, speed: PracticeSpeed, port: number): Promise<PracticeProcess> {
    const { pid } = child
    const answer = answerOf(child, port)
    if (pid === undefined) throw await answer.then(() => new Error('it has no process'))
    const started = {
      host: processes.host,
      pid,
      birth: processes.birthOf(pid),
      speed,
      startedAt: new Date().toISOString(),
    }
    await note({ ...started, server: '' })
    const server = await answer
    child.unref()
    return { ...started, server }
  }

  async function stop(running: PracticeProcess): Promise<void> {
    if (running.host !== processes.host)
      throw usageError('elsewhere', `the practice cluster runs on ${running.host}`, 'stop it there')
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      try {
        process.kill(running.pid, signal)
      } catch (error) {
        // Gone meanwhile.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
      }
      // Not our child: nobody tells us of its end.
      const deadline = performance.now() + STOP_TIMEOUT_MS
      while (performance.now() < deadline) {
        if (!lives(running)) return
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
    }
    throw undecidedError('not-stopped', `process ${running.pid} of the practice cluster does not end`)
  }
}

/** The address at which it answers. */
function answerOf(child: ChildProcess, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no answer within ${START_TIMEOUT_MS / 1000} s`)),
      START_TIMEOUT_MS,
    )
    const settled = (what: () => void) => {
      clearTimeout(timer)
      what()
    }
    child.once('error', (error) => settled(() => reject(error)))
    child.once('exit', (code, signal) =>
      settled(() => reject(new Error(`its process ended at once (${signal ?? `exit code ${code}`})`))),
    )
    child.once('message', (message) =>
      settled(() => {
        const { server, failed, code } = message as { server?: string; failed?: string; code?: string | null }
        if (server !== undefined) return resolve(server)
        if (code === 'EADDRINUSE')
          return reject(
            usageError('port-taken', `port ${port} is taken`, 'leave --port out, and any free one is used'),
          )
        return reject(new Error(failed ?? 'it said nothing'))
      }),
    )
  })
}
