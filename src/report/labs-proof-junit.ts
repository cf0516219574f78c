import type { LabProof, LabsProof, PlayProof } from '../result/labs-proof.ts'
import { type JunitCase, type JunitSuite, junitDocument } from './junit-document.ts'

/** JUnit XML: a suite for each lab, a case for each play. Refuted is a `failure`, undecided an `error`. */
export const labsProofJunit = ({ labs, cluster, durationMs, startedAt }: LabsProof): string =>
  junitDocument({
    name: `sts-lab labs test${cluster.simulated ? ' (simulated cluster)' : ''}`,
    durationMs,
    startedAt,
    suites: labs.map(suite),
  })

const suite = ({ lab, plays }: LabProof): JunitSuite => ({
  name: lab,
  durationMs: plays.reduce((sum, { durationMs }) => sum + durationMs, 0),
  cases: plays.map((play) => playCase(lab, play)),
})

function playCase(lab: string, { play, id, title, outcome, reasons, durationMs }: PlayProof): JunitCase {
  const name = play === 'wrong' ? `${id}: ${title}` : title
  const className = `labs.${lab}.${play}`
  if (outcome === 'proven') return { name, className, durationMs, trouble: null }
  const kind = outcome === 'refuted' ? 'failure' : 'error'
  const trouble = { kind, type: outcome, message: reasons[0] ?? outcome, body: reasons.join('\n') } as const
  return { name, className, durationMs, trouble }
}
