import { criteria } from '../criteria/index.ts'
import type { Terminal } from '../ports.ts'
import type { VerifyResult } from '../result.ts'
import type { Observation } from '../timeline/observation.ts'

export type Format = 'text' | 'json' | 'junit'

/** The result, and nothing else, on stdout. */
export async function printResult(
  result: VerifyResult,
  observations: readonly Observation[],
  format: Format,
  terminal: Terminal,
): Promise<void> {
  switch (format) {
    case 'json': {
      const { jsonReport } = await import('../report/json.ts')
      return terminal.out(jsonReport(result))
    }
    case 'junit': {
      const { junitReport } = await import('../report/junit.ts')
      return terminal.out(junitReport(result))
    }
    case 'text': {
      const { textReport } = await import('../report/text.ts')
      const { columns, colour, unicode = true } = terminal
      return terminal.out(textReport(result, observations, { columns, colour, unicode, criteria }))
    }
  }
}
