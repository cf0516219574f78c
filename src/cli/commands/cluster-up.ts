import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { PracticeSpeed } from '../../ports.ts'
import type { Services } from '../services.ts'

/** Flags as commander parsed them. */
export interface ClusterUpFlags {
  readonly speed: PracticeSpeed
  readonly port?: string
}

/** `sts-lab cluster up`: how to reach it on stdout, to be evaluated by a shell; the rest on stderr. */
export async function clusterUp(flags: ClusterUpFlags, services: Services): Promise<ExitCode> {
  const { terminal, practice } = services
  const port = parsePort(flags.port)
  const { began, process } = await practice.up({ speed: flags.speed, port })
  const { pid, server, speed } = process
  terminal.err(
    began
      ? `The practice cluster answers at ${server}, at ${speed} speed (process ${pid}).\nIt is simulated: kubectl and sts-lab work on it, and it proves nothing about a real one.\n`
      : `The practice cluster runs already, at ${speed} speed (process ${pid}).\n`,
  )
  terminal.out(`${exported(practice.kubeconfig)}\n`)
  if (began)
    terminal.err('sts-lab finds it by itself where there is no other. Stop it: sts-lab cluster down\n')
  return EXIT.passed
}

/** For kubectl. */
export const exported = (kubeconfig: string): string =>
  `export KUBECONFIG=${/^[\w@%+=:,./-]+$/.test(kubeconfig) ? kubeconfig : `'${kubeconfig.replaceAll("'", `'\\''`)}'`}`

function parsePort(text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw usageError('bad-port', `--port wants a number up to 65535, not "${text}"`)
}
