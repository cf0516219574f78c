import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { Services } from '../services.ts'

/** `sts-lab cluster down`: also 0 when there is none. */
export async function clusterDown(services: Services): Promise<ExitCode> {
  const { terminal, practice } = services
  const before = await practice.down()
  const said = {
    running: 'The practice cluster is gone, with everything in it.',
    ended: 'The practice cluster had ended already; what was left of it is removed.',
    down: 'No practice cluster runs.',
  }
  terminal.err(`${said[before]}\n`)
  return EXIT.passed
}
