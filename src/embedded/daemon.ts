import { parseArgs } from 'node:util'
import { type EmbeddedCluster, startEmbeddedCluster } from './cluster.ts'

/**
 * The background process of `sts-lab cluster up`: an entry point of its own, so that no other command loads any of
 * this. Tells whoever started it over IPC that it answers, or why not; then it is on its own. SIGTERM ends it.
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
  // Whoever starts it writes down that it runs: without them nobody would know.
  const forsaken = () => process.exit(0)
  process.once('disconnect', forsaken)
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
    cluster.stop().then(
      () => process.exit(0),
      (error) => crash(error),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  log(`answers at ${cluster.access.server}, speed ${values.speed}`)
  process.off('disconnect', forsaken)
  tell({ server: cluster.access.server })
}

/** What the process that starts it waits for. */
function tell(
  message: { readonly server: string } | { readonly failed: string; readonly code: string | null },
) {
  if (process.send === undefined) return
  process.send(message, () => {
    if (process.connected) process.disconnect()
  })
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`)
}

function crash(error: unknown): void {
  log(`crashed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exit(70)
}

process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
await runDaemon()
