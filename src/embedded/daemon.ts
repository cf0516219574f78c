import { rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type EmbeddedCluster, type Speed, startEmbeddedCluster } from './cluster.ts'
import { damagedCopy, type KeptState, readState } from './state/read-state.ts'

/**
 * The background process of `sts-lab cluster up`: an entry point of its own, so that no other command loads any of
 * this. Tells whoever started it over IPC that it answers, or why not; then it is on its own. SIGTERM ends it, and
 * what it did not expect does too, with the trace in its log. What was in it is in its journal: the next one that is
 * started on the same folder goes on from there.
 */
async function runDaemon(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      speed: { type: 'string' },
      port: { type: 'string', default: '0' },
    },
  })
  const { folder = '.' } = values
  // A terminal that is closed must not take it along.
  process.on('SIGHUP', () => undefined)
  const supervised = process.send !== undefined
  let cluster: EmbeddedCluster
  let before: KeptState | null
  let aliveAt: Date | null
  let speed: Speed
  try {
    const file = path.join(folder, 'journal')
    aliveAt = statSync(file, { throwIfNoEntry: false })?.mtime ?? null
    before = readState(file)
    speed = (values.speed ?? before?.header.speed) === 'fast' ? 'fast' : 'real'
    const trouble = troubleTeller(path.join(folder, 'not-kept'))
    trouble.forget()
    const keep = { file, before, trouble: trouble.tell }
    cluster = await startEmbeddedCluster({ folder, speed, port: Number(values.port), keep })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    tell({ failed: error instanceof Error ? error.message : String(error), code })
    process.exitCode = 1
    return
  }
  const stop = (signal: string) => {
    log(`${signal}: stopping`)
    // Nothing is left then that would keep the process.
    void cluster.stop()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Whoever started it was to write down that it runs; without them nobody would know.
  if (supervised && !process.connected) return stop('nobody waits for it')
  const { server } = cluster.access
  log(`answers at ${server}, at ${speed} speed${before === null ? '' : ', with what was in it'}`)
  const restored = before === null || aliveAt === null ? null : restoredFrom(before, aliveAt, server, folder)
  for (const warning of restored?.warnings ?? []) log(warning)
  tell({ server, speed, restored })
}

interface Restored {
  /** When it was last heard of, RFC 3339. */
  readonly aliveAt: string
  /** What is not as it was. */
  readonly warnings: readonly string[]
}

function restoredFrom(before: KeptState, aliveAt: Date, server: string, folder: string): Restored {
  const warnings: string[] = []
  if (before.cut === 'torn')
    warnings.push(
      `the last ${before.cutBytes} bytes of its journal were only half of a record: what happened in the moment before its end is lost`,
    )
  if (before.cut === 'damaged')
    warnings.push(
      `its journal is damaged: what it holds after the first ${before.bytes} bytes is lost (the whole is kept as ${damagedCopy(path.join(folder, 'journal'))})`,
    )
  const { port } = before.header
  if (!server.endsWith(`:${port}`))
    warnings.push(
      `port ${port} is taken by somebody else now: its address has changed, and so has its kubeconfig`,
    )
  return { aliveAt: aliveAt.toISOString(), warnings }
}

/** A disk that refuses is no reason to stop; but whoever asks how the cluster is shall know. */
function troubleTeller(mark: string) {
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (error) {
      log(`${mark}: ${String(error)}`)
    }
  }
  const forget = () => attempt(() => rmSync(mark, { force: true }))
  return {
    forget,
    tell: (error: Error | null) => {
      if (error === null) {
        log('its journal can be written again, and everything is in it')
        forget()
        return
      }
      log(`its journal cannot be written: ${error.message}: what happens from now on is in memory only`)
      attempt(() => writeFileSync(mark, `${error.message}\n`, { mode: 0o600 }))
    },
  }
}

type Message =
  | { readonly server: string; readonly speed: Speed; readonly restored: Restored | null }
  | { readonly failed: string; readonly code: string | null }

/** What the process that starts it waits for. */
function tell(message: Message): void {
  process.send?.(message, () => {
    if (process.connected) process.disconnect()
  })
}

function log(line: string): void {
  try {
    writeSync(2, `${new Date().toISOString()} ${line}\n`)
  } catch {
    // A disk that takes no more, and there is nowhere else to say so. (Through process.stderr it would end us.)
  }
}

await runDaemon()
