import { parseArgs } from 'node:util'
import { type EmbeddedCluster, startEmbeddedCluster } from './cluster.ts'

/**
 * The background process of `sts-lab cluster up`: an entry point of its own, so that no other command loads any of
 * this. Tells whoever started it over IPC that it answers, or why not; then it is on its own. SIGTERM ends it, and
 * what it did not expect does too, with the trace in its log.
 */
async function runDaemon(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      speed: { type: 'string', default: 'real' },
      port: { type: 'string', default: '0' },
    },
  })
  // A terminal that is closed must not take it along.
  process.on('SIGHUP', () => undefined)
  const supervised = process.send !== undefined
  let cluster: EmbeddedCluster
  try {
    cluster = await startEmbeddedCluster({
      ...(values.folder === undefined ? {} : { folder: values.folder }),
      speed: values.speed === 'fast' ? 'fast' : 'real',
      port: Number(values.port),
    })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    tell({ failed: error instanceof Error ? error.message : String(error), code })
    process.exitCode = 1
    return
  }
  const stop = () => {
    log('stopping')
    // Nothing is left then that would keep the process.
    void cluster.stop()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Whoever started it was to write down that it runs; without them nobody would know.
  if (supervised && !process.connected) return stop()
  log(`answers at ${cluster.access.server}, at ${values.speed} speed`)
  tell({ server: cluster.access.server })
}

type Message = { readonly server: string } | { readonly failed: string; readonly code: string | null }

/** What the process that starts it waits for. */
function tell(message: Message): void {
  process.send?.(message, () => {
    if (process.connected) process.disconnect()
  })
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}

await runDaemon()
