import type { ConstraintResult, CriterionResult, VerifyResult } from '../result.ts'
import { attributes, escapeXml, seconds } from './xml.ts'

/**
 * JUnit XML, as CI systems read it: one suite for the constraints, one for the criteria. A criterion that
 * failed is a `failure`; one that could not be decided is an `error`, and so is a run that was cut short:
 * a suite that could not look must never count as passed. Times are seconds.
 */
export function junitReport(result: VerifyResult): string {
  const constraints = result.constraints.map((constraint) => constraintCase(constraint, result.lab))
  const criteria = result.criteria.map((criterion) => criterionCase(criterion, result.lab))
  const stopped = result.error === null ? [] : [stoppedCase(result.error, result.lab)]
  const suites = [
    suite('constraints', constraints, 0, result.startedAt),
    suite('criteria', [...criteria, ...stopped], result.durationMs, result.startedAt),
  ]
  const all = [...constraints, ...criteria, ...stopped]
  const where = result.cluster?.simulated === true ? ' (simulated cluster)' : ''
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: `${result.tool.name} verify ${result.lab}${where}`, ...counts(all), time: seconds(result.durationMs) })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

interface Case {
  readonly kind: 'passed' | 'failure' | 'error'
  readonly xml: string
}

function suite(name: string, cases: readonly Case[], durationMs: number, startedAt: string): string {
  const timestamp = startedAt.replace(/(\.\d+)?Z$/, '')
  const opening = `  <testsuite${attributes({ name, ...counts(cases), skipped: '0', time: seconds(durationMs), timestamp })}>`
  return [opening, ...cases.map(({ xml }) => xml), '  </testsuite>'].join('\n')
}

const counts = (cases: readonly Case[]): Record<string, string> => ({
  tests: String(cases.length),
  failures: String(cases.filter(({ kind }) => kind === 'failure').length),
  errors: String(cases.filter(({ kind }) => kind === 'error').length),
})

function constraintCase({ id, title, verdict, reason }: ConstraintResult, lab: string): Case {
  return testCase({
    lab,
    name: title,
    className: `constraint.${id}`,
    durationMs: 0,
    verdict,
    reason,
    body: reason,
  })
}

function criterionCase(criterion: CriterionResult, lab: string): Case {
  const { number, id, title, verdict, reason, expected, actual, hint, durationMs, evidence } = criterion
  const body = [
    `expected: ${expected}`,
    `seen: ${actual}`,
    ...evidence
      .slice(0, 20)
      .map((item) => `  #${item.seq} ${item.at} ${item.object} ${item.type} ${item.detail}`),
    ...(hint === null ? [] : [`hint: ${hint}`]),
  ].join('\n')
  return testCase({
    lab,
    name: `${number} ${title}`,
    className: `criterion.${id}`,
    durationMs,
    verdict,
    reason,
    body,
  })
}

function stoppedCase(error: NonNullable<VerifyResult['error']>, lab: string): Case {
  const body = [error.message, ...(error.hint === null ? [] : [`hint: ${error.hint}`])].join('\n')
  const name = 'the run reached its end'
  return testCase({
    lab,
    name,
    className: 'run',
    durationMs: 0,
    verdict: 'inconclusive',
    reason: error.message,
    body,
    type: error.code,
  })
}

function testCase(test: {
  readonly lab: string
  readonly name: string
  readonly className: string
  readonly durationMs: number
  readonly verdict: CriterionResult['verdict']
  readonly reason: string
  readonly body: string
  readonly type?: string
}): Case {
  const opening = `    <testcase${attributes({ name: test.name, classname: `sts-lab.${test.lab}.${test.className}`, time: seconds(test.durationMs) })}`
  if (test.verdict === 'pass') return { kind: 'passed', xml: `${opening}/>` }
  const kind = test.verdict === 'fail' ? 'failure' : 'error'
  const outcome = `<${kind}${attributes({ message: test.reason, type: test.type ?? test.verdict })}>${escapeXml(test.body)}</${kind}>`
  return { kind, xml: `${opening}>\n      ${outcome}\n    </testcase>` }
}
