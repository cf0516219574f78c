import { timestamp } from '../../clock.ts'
import { textAt } from '../../object.ts'
import type { Exit } from '../os/process.ts'
import type { Terminated } from './pod-status.ts'
import type { RunningContainer } from './running-container.ts'

const MESSAGE_BYTES = 4096
const LOG_LINES = 80
const LOG_BYTES = 2048

/** What the status says of a container that has ended, its last words included. */
export function terminatedOf(
  container: RunningContainer,
  exit: Exit,
  id: string | null,
  startedAtMs: number,
  nowMs: number,
): Terminated {
  const message = lastWords(container, exit.code !== 0)
  return {
    ...(id === null ? {} : { containerID: id }),
    exitCode: exit.code,
    finishedAt: timestamp(nowMs),
    ...(message === '' ? {} : { message }),
    reason: exit.outOfMemory === true ? 'OOMKilled' : exit.code === 0 ? 'Completed' : 'Error',
    startedAt: timestamp(startedAtMs),
  }
}

/** From the file that is meant for them; where the spec says so, of one that failed without any, the end of its log. */
function lastWords({ spec, machine, log }: RunningContainer, failed: boolean): string {
  const file = machine.files.peek(textAt(spec, 'terminationMessagePath') || '/dev/termination-log')
  const written = file?.kind === 'file' ? file.text : ''
  const fallsBack = textAt(spec, 'terminationMessagePolicy') === 'FallbackToLogsOnError'
  const said = written === '' && failed && fallsBack ? log.lastLines(LOG_LINES, LOG_BYTES) : written
  return Buffer.from(said, 'latin1').toString('utf8').slice(0, MESSAGE_BYTES)
}

/** What is said of one whose command could not be started. */
export function startError(
  failure: string,
  id: string,
  nowMs: number,
): { readonly message: string; readonly terminated: Terminated } {
  const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${failure}`
  const finishedAt = timestamp(nowMs)
  const startedAt = '1970-01-01T00:00:00Z'
  return {
    message,
    terminated: { containerID: id, exitCode: 128, finishedAt, message, reason: 'StartError', startedAt },
  }
}
