import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportError } from './cli/exit.ts'
import { runProgram } from './cli/program.ts'
import type { Services } from './cli/services.ts'
import { systemClock } from './host/clock.ts'
import { dataFolder, readIfExists, writeFileAtomic } from './host/files.ts'
import { watchInterrupts } from './host/interrupt.ts'
import { self } from './host/process-alive.ts'
import { createFile, replaceFile, watchFolder } from './host/student-files.ts'
import { processTerminal } from './host/terminal.ts'
import { practiceOf } from './main/practice.ts'

/** The composition root: builds the real world, hands it to the command table, turns the outcome into the exit code. */
export async function main(): Promise<void> {
  const terminal = processTerminal({ noColour: process.argv.includes('--no-color') })
  const interrupts = watchInterrupts({
    process,
    err: (text) => terminal.err(text),
    exit: (code) => process.exit(code),
  })
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
  const dataDir = dataFolder(process.env)
  const practice = practiceOf(dataDir, path.join(root, 'dist', 'embedded-cluster.mjs'))
  const services: Services = {
    get version() {
      return versionOf(root)
    },
    terminal,
    clock: systemClock,
    env: process.env,
    signal: interrupts.signal,
    labsDir: path.join(root, 'labs'),
    manifestsDir: path.join(root, 'manifests'),
    dataDir,
    practice,
    self,
    files: { read: readIfExists, write: (file, text) => writeFileAtomic(file, text) },
    studentFiles: { create: createFile, replace: replaceFile, watch: watchFolder },
    async openCluster(choice) {
      const { openChosenCluster } = await import('./main/open-cluster.ts')
      const { signal } = interrupts
      return openChosenCluster(choice, { env: process.env, terminal, signal, practice })
    },
    async parseManifest(text, file) {
      const { parseManifest } = await import('./kube/manifest.ts')
      return parseManifest(text, file)
    },
  }
  try {
    process.exitCode = await runProgram(process.argv.slice(2), services)
  } catch (error) {
    process.exitCode = reportError(error, terminal)
  } finally {
    interrupts.dispose()
  }
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  return (manifest as { version: string }).version
}
