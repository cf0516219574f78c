import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { moment } from '../../report/time.ts'
import { printable } from '../../timeline/printable.ts'
import { sentence } from '../sentence.ts'
import type { Services } from '../services.ts'
import { exported } from './cluster-up.ts'

/** `sts-lab cluster status`: 0 it runs, 1 it does not. */
export async function clusterStatus(
  flags: { readonly output: 'text' | 'json' },
  services: Services,
): Promise<ExitCode> {
  const { terminal, practice } = services
  const found = await practice.state()
  const tell = (text: string) => terminal.out(`${sentence(text, terminal)}\n`)
  const running = found.state === 'running'
  if (flags.output === 'json') {
    const { pid, server, speed, startedAt } = (found.state === 'down' ? null : found.process) ?? NOTHING
    const kubeconfig = running ? practice.kubeconfig : null
    const aliveAt = found.state === 'ended' ? found.aliveAt : null
    const notKept = running ? found.notKept : null
    const known = { pid, server, speed, startedAt, kubeconfig, aliveAt, notKept }
    terminal.out(`${JSON.stringify({ state: found.state, simulated: true, ...known }, null, 2)}\n`)
    return running ? EXIT.passed : EXIT.failed
  }
  switch (found.state) {
    case 'running': {
      const { pid, server, speed, startedAt } = found.process
      tell(`The practice cluster (simulated) answers at ${server}, at ${speed} speed.`)
      tell(`process ${pid}, since ${moment(startedAt)}, log ${practice.log}`)
      terminal.out(`${exported(practice.kubeconfig)}\n`)
      if (found.notKept !== null)
        terminal.err(
          `${sentence(`What happens in it is not written down at present (${printable(found.notKept, 300)}): if its process ended, that would be lost. Once its folder can be written again, it is made good by itself.`, terminal)}\n`,
        )
      break
    }
    case 'ended': {
      const { process, aliveAt } = found
      const who =
        process === null
          ? ''
          : `: its process ${process.pid}, started ${moment(process.startedAt)}, ended without being asked to`
      const when = aliveAt === null ? '' : `, last heard of ${moment(aliveAt)}`
      const next =
        aliveAt === null
          ? 'Nothing of it was kept. A new one: sts-lab cluster up'
          : 'What was in it was kept. Bring it back: sts-lab cluster up'
      tell(
        `The practice cluster does not run${who}${when}.${found.lastWords.length === 0 ? '' : ' The last it said:'}`,
      )
      for (const line of found.lastWords) terminal.out(`  ${printable(line, 300)}\n`)
      tell(next)
      break
    }
    case 'down':
      terminal.out('No practice cluster runs. Start one: sts-lab cluster up\n')
  }
  return running ? EXIT.passed : EXIT.failed
}

const NOTHING = { pid: null, server: null, speed: null, startedAt: null }
