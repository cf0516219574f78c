// What the suites' results come to.

/**
 * The counts of a vitest JSON report (null: there is none). A file that does not load and a run that ends badly
 * without a failed test (a global set-up, an unhandled rejection) count as one failure each: never as none.
 */
export function countsFrom(report, exitCode) {
  const files = report?.testResults ?? []
  const unloaded = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = (report?.numFailedTests ?? 0) + unloaded
  return {
    passed: report?.numPassedTests ?? 0,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
}

/** A run in which nothing was executed has shown nothing. */
export const mayPass = (results) => sum(results, 'failed') === 0 && sum(results, 'passed') > 0

/** A line for each suite, why e2e was skipped if it was, and the sum as the very last line. */
export function lastLines(results, skipReason, howToRun) {
  const lines = results.map(
    ({ name, passed, failed, skipped, seconds }) =>
      `${name.padEnd(6)} ${plain({ passed, failed, skipped })}  (${seconds.toFixed(1)} s)`,
  )
  if (skipReason !== null) lines.push('', `e2e skipped: ${skipReason}. To run it: ${howToRun}`)
  else lines.push('')
  // A suite that was skipped before its tests could be counted is still a skip.
  const skipped = Math.max(sum(results, 'skipped'), skipReason === null ? 0 : 1)
  return [...lines, plain({ passed: sum(results, 'passed'), failed: sum(results, 'failed'), skipped })].join(
    '\n',
  )
}

const plain = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`
const sum = (results, key) => results.reduce((total, result) => total + result[key], 0)
