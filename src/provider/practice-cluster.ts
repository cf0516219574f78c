import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { LabError, undecidedError, usageError } from '../errors.ts'
import type {
  PracticeCluster,
  PracticeOptions,
  PracticeProcess,
  PracticeRestored,
  PracticeSpeed,
  PracticeStart,
  PracticeState,
} from '../ports.ts'

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
const MOST_LOG_BYTES = 1024 * 1024
/** All that it puts into its folder, what was only half written too. */
const OWN_FILES = /^(process\.json|log|not-kept|kubeconfig(\.\d+\.new)?|journal(\.new|\.damaged)?)$/

export function practiceCluster({ folder, script, processes }: PracticeSetting): PracticeCluster {
  const file = (name: string) => path.join(folder, name)
  const kubeconfig = file('kubeconfig')
  const log = file('log')

  const note = (running: PracticeProcess): Promise<void> =>
    writeFile(file('process.json'), `${JSON.stringify(running)}\n`, { mode: 0o600 })
  const noted = async (): Promise<PracticeProcess | null> => {
    try {
      const found = JSON.parse(await readFile(file('process.json'), 'utf8')) as PracticeProcess
      // Signals to 0, 1 and negative numbers mean others: groups, everything, the machine's first process.
      return Number.isInteger(found.pid) && found.pid > 1 && typeof found.host === 'string' ? found : null
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
    const names = await readdir(folder).catch(() => [])
    for (const name of names) if (OWN_FILES.test(name)) await rm(file(name), { force: true })
    // Whatever else somebody put there is theirs.
    await rmdir(folder).catch(() => undefined)
  }
  /** When its journal was last touched; null: it has none. */
  const aliveAt = async (): Promise<string | null> => {
    const found = await stat(file('journal')).catch(() => null)
    return found?.mtime.toISOString() ?? null
  }

  const state = async (): Promise<PracticeState> => {
    const process = await noted()
    if (process !== null && lives(process)) {
      const reason = await readFile(file('not-kept'), 'utf8').catch(() => null)
      return { state: 'running', process, notKept: reason === null ? null : reason.trim() || 'unknown' }
    }
    const heardOf = await aliveAt()
    if (process === null && heardOf === null) return { state: 'down' }
    return { state: 'ended', process, aliveAt: heardOf, lastWords: await lastWords() }
  }

  return {
    kubeconfig,
    log,
    state,
    async up(options) {
      const before = await state()
      if (before.state === 'running') return { began: false, process: before.process, restored: null }
      const isNew = before.state === 'down' || before.aliveAt === null
      if (isNew) await clear()
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const child = spawnDaemon(options, (await sizeOf(log)) > MOST_LOG_BYTES ? 'w' : 'a')
      try {
        const { started, restored } = await begin(child, options)
        await note(started)
        return { began: true, process: started, restored }
      } catch (error) {
        child.kill('SIGKILL')
        const words = (await lastWords()).filter((line) => line !== '')
        if (isNew) await clear()
        else if (before.process === null) await rm(file('process.json'), { force: true })
        else await note(before.process)
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

  function spawnDaemon({ speed, port = 0 }: PracticeOptions, logFlag: 'a' | 'w'): ChildProcess {
    const out = openSync(log, logFlag, 0o600)
    const speeds = speed === undefined ? [] : ['--speed', speed]
    try {
      return spawn(
        process.execPath,
        [script, '--folder', folder, ...speeds, '--port', String(port)],
        // A session of its own: it survives the terminal. Its folder keeps no other one from being removed.
        { detached: true, stdio: ['ignore', out, out, 'ipc'], cwd: folder, windowsHide: true },
      )
    } finally {
      closeSync(out)
    }
  }

  /** Noted before it is asked for anything: it ends by itself when this process dies before it has answered. */
  async function begin(
    child: ChildProcess,
    { speed = 'real', port = 0 }: PracticeOptions,
  ): Promise<{ readonly started: PracticeProcess; readonly restored: PracticeStart['restored'] }> {
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
    const { restored, ...known } = await answer
    child.unref()
    return { started: { ...started, ...known }, restored }
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

interface Answer {
  readonly server: string
  readonly speed: PracticeSpeed
  readonly restored: PracticeRestored | null
}

const AFRESH = 'sts-lab cluster down removes it with everything in it, and a new one can be started'

/** Once it answers. @throws LabError where the daemon says why it cannot */
function answerOf(child: ChildProcess, port: number): Promise<Answer> {
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
        const said = message as Answer | { readonly failed: string; readonly code: string | null }
        if ('server' in said) resolve(said)
        else reject(refusal(said.failed, said.code, port))
      }),
    )
  })
}

function refusal(failed: string, code: string | null, port: number): Error {
  switch (code) {
    case 'EADDRINUSE':
      return usageError('port-taken', `port ${port} is taken`, 'leave --port out, and any free one is used')
    case 'NEWER':
      return usageError(
        'newer-state',
        `the practice cluster was kept by a newer sts-lab: ${failed}`,
        `use that one; or else ${AFRESH}`,
      )
    case 'UNREADABLE':
      return undecidedError(
        'unreadable-state',
        `the practice cluster cannot be brought back: ${failed}`,
        AFRESH,
      )
    default:
      return new Error(failed)
  }
}

const sizeOf = async (name: string): Promise<number> => (await stat(name).catch(() => null))?.size ?? 0
