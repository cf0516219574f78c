import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { printable } from '../../timeline/printable.ts'
import type { Services } from '../services.ts'
import { exported } from './cluster-up.ts'

/** `sts-lab cluster status`: 0 it runs, 1 it does not. */
export async function clusterStatus(
  flags: { readonly output: 'text' | 'json' },
  services: Services,
): Promise<ExitCode> {
  const { terminal, practice } = services
  const found = await practice.state()
  const running = found.state === 'running'
  if (flags.output === 'json') {
    const { pid, server, speed, startedAt } = found.state === 'down' ? NOTHING : found.process
    const kubeconfig = running ? practice.kubeconfig : null
    const result = { state: found.state, simulated: true, pid, server, speed, startedAt, kubeconfig }
    terminal.out(`${JSON.stringify(result, null, 2)}\n`)
    return running ? EXIT.passed : EXIT.failed
  }
  switch (found.state) {
    case 'running': {
      const { pid, server, speed, startedAt } = found.process
      terminal.out(
        `The practice cluster (simulated) answers at ${server}, at ${speed} speed.\nprocess ${pid}, since ${startedAt}, log ${practice.log}\n${exported(practice.kubeconfig)}\n`,
      )
      break
    }
    case 'ended': {
      const { pid, startedAt } = found.process
      const words = found.lastWords.map((line) => `  ${printable(line, 300)}\n`).join('')
      terminal.out(
        `The practice cluster does not run: its process ${pid}, started ${startedAt}, ended without being asked to. The last it said:\n${words}A new one: sts-lab cluster up\n`,
      )
      break
    }
    case 'down':
      terminal.out('No practice cluster runs. Start one: sts-lab cluster up\n')
  }
  return running ? EXIT.passed : EXIT.failed
}

const NOTHING = { pid: null, server: null, speed: null, startedAt: null }
