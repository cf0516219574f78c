import { describe, expect, it } from 'vitest'
import { junitReport } from '../../../src/report/junit.ts'
import { aVerifyRecording } from './recordings.ts'
import { aCriterion, aMixedResult, aResult } from './results.ts'

describe('the JUnit report', () => {
  it('counts a failure as failure and an open question as error', () => {
    const xml = junitReport(aMixedResult(aVerifyRecording({ rush: true })))
    expect(xml).toMatch(/<testsuite name="criteria" tests="10" failures="1" errors="1" skipped="0"/)
    expect(xml).toMatch(/<testsuite name="constraints" tests="3" failures="1" errors="0"/)
    expect(xml).toMatch(
      /<testsuites name="sts-lab verify section3" tests="13" failures="2" errors="1" time="21.345">/,
    )
    expect(xml).toMatch(
      /name="2 Pods are created one after the other"[^>]*>\s*<failure message="web-1 was added/,
    )
    expect(xml).toMatch(/name="5 DNS resolution"[^>]*>\s*<error message="the probe pod/)
  })

  it('says in its name that the cluster was a simulated one', () => {
    const result = aMixedResult(aVerifyRecording({ rush: true }))
    if (result.cluster === null) throw new Error('no cluster')
    const xml = junitReport({ ...result, cluster: { ...result.cluster, simulated: true } })
    expect(xml).toContain('<testsuites name="sts-lab verify section3 (simulated cluster)"')
  })

  it('writes times in seconds', () => {
    expect(junitReport(aResult({ criteria: [aCriterion({ durationMs: 1234 })] }))).toContain('time="1.234"')
  })

  it('reports a run that broke off as an error, so that it cannot look green', () => {
    const xml = junitReport(aResult({ error: { code: 'lost', message: 'API lost', hint: null } }))
    expect(xml).toContain('errors="1"')
    expect(xml).toContain('<error message="API lost" type="lost">')
  })

  it('is well-formed whatever the reasons contain', () => {
    const reason = 'a < b && "c" > \'d\' ]]> \u0000\u001b[2J \ud800 \uffff 日本 😀 <failure>'
    const xml = junitReport(
      aResult({ lab: '"<&', criteria: [aCriterion({ verdict: 'fail', reason, actual: reason })] }),
    )
    expect(faultOf(xml)).toBeNull()
    expect(xml).toContain('日本 😀')
  })

  it('is seen as broken by the check used here when it is', () => {
    expect(faultOf('<?xml version="1.0" encoding="UTF-8"?>\n<a><b></a></b>')).not.toBeNull()
    expect(faultOf('<?xml version="1.0" encoding="UTF-8"?>\n<a>1 & 2</a>')).not.toBeNull()
    expect(faultOf('<?xml version="1.0" encoding="UTF-8"?>\n<a b="<"/>')).not.toBeNull()
    expect(faultOf('<?xml version="1.0" encoding="UTF-8"?>\n<a>\u0007</a>')).not.toBeNull()
  })
})

/** The first thing that makes a text not a well-formed XML document of elements, attributes and text; null if nothing does. */
function faultOf(xml: string): string | null {
  if (/[^\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    return 'a forbidden character'
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!xml.startsWith(declaration)) return 'no declaration'
  const reference = '&(?:amp|lt|gt|quot);'
  const token = new RegExp(
    `<(\\w+)((?: [\\w-]+="(?:[^<&"]|${reference})*")*)(/?)>|</(\\w+)>|((?:[^<>&]|${reference})+)`,
    'uy',
  )
  const open: string[] = []
  token.lastIndex = declaration.length
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    if (match === null) return `not XML: ${xml.slice(at, at + 60)}`
    const [, opened, , empty, closed] = match
    if (opened !== undefined && empty === '') open.push(opened)
    if (closed !== undefined && open.pop() !== closed) return `</${closed}> closes nothing`
  }
  return open.length === 0 ? null : `<${open.at(-1)}> is not closed`
}
