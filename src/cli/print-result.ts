import { criteria } from '../criteria/index.ts'
import type { Terminal } from '../ports.ts'
import type { VerifyResult } from '../result.ts'
import { isPassed } from '../run/exam.ts'
import type { Observation } from '../timeline/observation.ts'

export type Format = 'text' | 'json' | 'junit'

/**
 * The result, and nothing else, on stdout.
 *
 * @param debrief as text, and when all passed, what each criterion is about and which events prove it.
 */
export async function printResult(
  result: VerifyResult,
  observations: readonly Observation[],
  format: Format,
  terminal: Terminal,
  { debrief }: { readonly debrief: boolean } = { debrief: false },
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
      const look = { columns, colour, unicode, criteria }
      terminal.out(textReport(result, observations, look))
      if (!debrief || !isPassed(result)) return
      const { debriefing } = await import('../report/debrief.ts')
      return terminal.out(`\n${debriefing(result, observations, look)}`)
    }
  }
}
