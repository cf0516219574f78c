import type { ConstraintResult, CriterionResult, VerifyResult } from '../result.ts'
import { type JunitCase, junitDocument } from './junit-document.ts'

/**
 * JUnit XML, as CI systems read it: one suite for the constraints, one for the criteria. A criterion that
 * failed is a `failure`; one that could not be decided is an `error`, and so is a run that was cut short:
 * a suite that could not look must never count as passed. Times are seconds.
 */
export function junitReport(result: VerifyResult): string {
  const { lab, startedAt, durationMs } = result
  const constraints = result.constraints.map((constraint) => constraintCase(constraint, lab))
  const criteria = result.criteria.map((criterion) => criterionCase(criterion, lab))
  const stopped = result.error === null ? [] : [stoppedCase(result.error, lab)]
  const where = result.cluster?.simulated === true ? ' (simulated cluster)' : ''
  return junitDocument({
    name: `${result.tool.name} verify ${lab}${where}`,
    durationMs,
    startedAt,
    suites: [
      { name: 'constraints', durationMs: 0, cases: constraints },
      { name: 'criteria', durationMs, cases: [...criteria, ...stopped] },
    ],
  })
}

function constraintCase({ id, title, verdict, reason }: ConstraintResult, lab: string): JunitCase {
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

function criterionCase(criterion: CriterionResult, lab: string): JunitCase {
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

function stoppedCase(error: NonNullable<VerifyResult['error']>, lab: string): JunitCase {
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
}): JunitCase {
  const { name, durationMs, verdict, body } = test
  const className = `${test.lab}.${test.className}`
  if (verdict === 'pass') return { name, className, durationMs, trouble: null }
  const kind = verdict === 'fail' ? 'failure' : 'error'
  return {
    name,
    className,
    durationMs,
    trouble: { kind, type: test.type ?? verdict, message: test.reason, body },
  }
}
