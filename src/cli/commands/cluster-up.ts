import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { PracticeRestored, PracticeSpeed } from '../../ports.ts'
import { printable } from '../../timeline/printable.ts'
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
  terminal.err(
    began
      ? `The practice cluster ${restored === null ? 'answers' : 'is back'} at ${server}, at ${speed} speed (process ${pid}).\n`
      : `The practice cluster runs already, at ${speed} speed (process ${pid}).\n`,
  )
  if (restored !== null) terminal.err(restoredText(restored))
  else if (began)
    terminal.err('It is simulated: kubectl and sts-lab work on it, and it proves nothing about a real one.\n')
  terminal.out(`${exported(practice.kubeconfig)}\n`)
  if (began)
    terminal.err(
      'sts-lab finds it by itself where there is no other. Remove it with all that is in it: sts-lab cluster down\n',
    )
  return EXIT.passed
}

/** What came back with it, and what did not. */
const restoredText = ({ aliveAt, warnings }: PracticeRestored): string =>
  [
    `It ended some time after ${aliveAt}, and has what was in it then. To its pods it is a node that was rebooted: containers start anew, claims keep their files.\n`,
    ...warnings.map((warning) => `  ! ${printable(warning, 500)}\n`),
  ].join('')

/** For kubectl. */
export const exported = (kubeconfig: string): string =>
  `export KUBECONFIG=${/^[\w@%+=:,./-]+$/.test(kubeconfig) ? kubeconfig : `'${kubeconfig.replaceAll("'", `'\\''`)}'`}`

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw usageError('bad-port', `--port wants a number up to 65535, not "${text}"`)
}
