import type { LabProof, LabsProof, PlayProof } from '../result/labs-proof.ts'
import { attributes, escapeXml, seconds } from './xml.ts'

/** JUnit XML: a suite for each lab, a case for each play. Refuted is a `failure`, undecided an `error`. */
export function labsProofJunit({ labs, cluster, durationMs, startedAt }: LabsProof): string {
  const all = labs.flatMap(({ plays }) => plays)
  const name = `sts-lab labs test${cluster.simulated ? ' (simulated cluster)' : ''}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts(all), time: seconds(durationMs) })}>`,
    ...labs.map((lab) => suite(lab, startedAt)),
    '</testsuites>',
    '',
  ].join('\n')
}

function suite({ lab, plays }: LabProof, startedAt: string): string {
  const timestamp = startedAt.replace(/(\.\d+)?Z$/, '')
  const time = seconds(plays.reduce((sum, { durationMs }) => sum + durationMs, 0))
  const opening = `  <testsuite${attributes({ name: lab, ...counts(plays), skipped: '0', time, timestamp })}>`
  return [opening, ...plays.map((play) => testCase(lab, play)), '  </testsuite>'].join('\n')
}

function testCase(lab: string, { play, id, title, outcome, reasons, durationMs }: PlayProof): string {
  const name = play === 'wrong' ? `${id}: ${title}` : title
  const opening = `    <testcase${attributes({ name, classname: `sts-lab.labs.${lab}.${play}`, time: seconds(durationMs) })}`
  if (outcome === 'proven') return `${opening}/>`
  const kind = outcome === 'refuted' ? 'failure' : 'error'
  const what = `<${kind}${attributes({ message: reasons[0] ?? outcome, type: outcome })}>${escapeXml(reasons.join('\n'))}</${kind}>`
  return `${opening}>\n      ${what}\n    </testcase>`
}

const counts = (plays: readonly PlayProof[]): Record<string, string> => ({
  tests: String(plays.length),
  failures: String(plays.filter(({ outcome }) => outcome === 'refuted').length),
  errors: String(plays.filter(({ outcome }) => outcome === 'undecided').length),
})
