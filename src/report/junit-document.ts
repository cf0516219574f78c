import { attributes, escapeXml, seconds } from './xml.ts'

export interface JunitCase {
  readonly name: string
  /** After `sts-lab.`, which every class name begins with. */
  readonly className: string
  readonly durationMs: number
  /** null: passed. */
  readonly trouble: JunitTrouble | null
}

export interface JunitTrouble {
  /** It is wrong, or it could not be decided. */
  readonly kind: 'failure' | 'error'
  readonly type: string
  readonly message: string
  readonly body: string
}

export interface JunitSuite {
  readonly name: string
  readonly durationMs: number
  readonly cases: readonly JunitCase[]
}

export interface JunitDocument {
  readonly name: string
  readonly durationMs: number
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly suites: readonly JunitSuite[]
}

/** JUnit XML, as CI systems read it. Times are seconds. */
export function junitDocument({ name, durationMs, startedAt, suites }: JunitDocument): string {
  const all = suites.flatMap(({ cases }) => cases)
  const timestamp = startedAt.replace(/(\.\d+)?Z$/, '')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...counts(all), time: seconds(durationMs) })}>`,
    ...suites.map((suite) => suiteXml(suite, timestamp)),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteXml({ name, durationMs, cases }: JunitSuite, timestamp: string): string {
  const opening = `  <testsuite${attributes({ name, ...counts(cases), skipped: '0', time: seconds(durationMs), timestamp })}>`
  return [opening, ...cases.map(caseXml), '  </testsuite>'].join('\n')
}

function caseXml({ name, className, durationMs, trouble }: JunitCase): string {
  const opening = `    <testcase${attributes({ name, classname: `sts-lab.${className}`, time: seconds(durationMs) })}`
  if (trouble === null) return `${opening}/>`
  const { kind, type, message, body } = trouble
  const what = `<${kind}${attributes({ message, type })}>${escapeXml(body)}</${kind}>`
  return `${opening}>\n      ${what}\n    </testcase>`
}

const counts = (cases: readonly JunitCase[]): Record<string, string> => ({
  tests: String(cases.length),
  failures: String(cases.filter(({ trouble }) => trouble?.kind === 'failure').length),
  errors: String(cases.filter(({ trouble }) => trouble?.kind === 'error').length),
})
