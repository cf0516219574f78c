import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { PracticeRestored, PracticeSpeed } from '../../ports.ts'
import { moment } from '../../report/time.ts'
import { printable } from '../../timeline/printable.ts'
import { sentence } from '../sentence.ts'
import type { Services } from '../services.ts'

/** Flags as commander parsed them. */
export interface ClusterUpFlags {
  readonly speed?: PracticeSpeed
  readonly port?: string
}

/** `sts-lab cluster up`: how to reach it on stdout, to be evaluated by a shell; the rest on stderr. */
export async function clusterUp(flags: ClusterUpFlags, services: Services): Promise<ExitCode> {
  const { terminal, practice } = services
  const { speed: asked } = flags
  const port = parsePort(flags.port)
  const { began, process, restored } = await practice.up({
    port,
    ...(asked === undefined ? {} : { speed: asked }),
  })
  const { pid, server, speed } = process
  const tell = (text: string) => terminal.err(`${sentence(text, terminal)}\n`)
  tell(
    began
      ? `The practice cluster ${restored === null ? 'answers' : 'is back'} at ${server}, at ${speed} speed (process ${pid}).`
      : `The practice cluster runs already, at ${speed} speed (process ${pid}).`,
  )
  if (restored !== null) tell(restoredText(restored))
  else if (began)
    tell('It is simulated: kubectl and sts-lab work on it, and it proves nothing about a real one.')
  terminal.out(`${exported(practice.kubeconfig)}\n`)
  if (began)
    tell(
      'sts-lab finds it by itself where there is no other.\nRemove it with all that is in it: sts-lab cluster down',
    )
  return EXIT.passed
}

/** What came back with it, and what did not. */
const restoredText = ({ aliveAt, warnings }: PracticeRestored): string =>
  [
    `It ended some time after ${moment(aliveAt)}, and has what was in it then. To its pods it is a node that was rebooted: containers start anew, claims keep their files.`,
    ...warnings.map((warning) => `! ${printable(warning, 500)}`),
  ].join('\n')

/** For kubectl. */
export const exported = (kubeconfig: string): string =>
  `export KUBECONFIG=${/^[\w@%+=:,./-]+$/.test(kubeconfig) ? kubeconfig : `'${kubeconfig.replaceAll("'", `'\\''`)}'`}`

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw usageError('bad-port', `--port wants a number up to 65535, not "${text}"`)
}
