// `npm test`: the check, then the suites, each with its time; the last line counts everything that ran.
//   --only NAME[,NAME]   check, unit, embedded, cli, e2e, labs, faults
//   --down               takes the e2e cluster down afterwards (STS_LAB_E2E_DOWN=1)
// e2e and labs run at the same time where both are wanted; what labs says comes after what e2e says.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { check } from './check.mjs'
import { countsFrom, lastLines, mayPass } from './test-counts.mjs'

const HOW_TO_RUN =
  'npm run e2e (as root on Debian 12, or with Docker), or STS_LAB_E2E_CONTEXT=<a context of yours> npm run e2e'
const { values: options } = parseArgs({ options: { only: { type: 'string' }, down: { type: 'boolean' } } })
const scratch = mkdtempSync(join(tmpdir(), 'sts-lab-test-'))
const skipReport = join(scratch, 'e2e-skipped')

/** Runs while the suite it is given here runs: both wait for pods most of the time, each in namespaces of its own. */
const BESIDE = { labs: 'e2e' }

const SUITES = {
  // The unit suite has the import direction test too: counted once.
  check: () => check({ without: wanted.includes('unit') ? ['import direction'] : [], say }),
  unit: () => vitest('unit'),
  embedded: () => vitest('embedded'),
  cli: () => vitest('cli'),
  e2e: () => vitest('e2e'),
  labs: (log) => vitest('labs', log),
  // Last and alone: it stops the API server of the cluster that the others use.
  faults: () => vitest('faults'),
}
const wanted = options.only?.split(',') ?? Object.keys(SUITES)
const unknown = wanted.filter((name) => !(name in SUITES))

if (options.down) process.env.STS_LAB_E2E_DOWN = '1'
// Asked for by name: then it may also install and build a cluster.
if (/e2e|labs|faults/.test(options.only ?? '')) process.env.STS_LAB_E2E = '1'

try {
  if (unknown.length > 0)
    throw new Error(`no suite "${unknown.join('", "')}": ${Object.keys(SUITES).join(', ')}`)
  const results = []
  const begun = new Map()
  for (const name of wanted) {
    for (const other of wanted.filter((each) => mayRunBeside(each, name) && !begun.has(each)))
      begun.set(other, timed(other, join(scratch, `${other}.log`)))
    const result = await (begun.get(name) ?? timed(name))
    if (result.said !== '') say(result.said)
    results.push(result)
  }
  const reason = existsSync(skipReport) ? readFileSync(skipReport, 'utf8') : null
  say(`\n${lastLines(results, reason, HOW_TO_RUN)}`)
  process.exitCode = mayPass(results) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** Not where each suite takes the cluster down when it is done. */
function mayRunBeside(name, other) {
  return BESIDE[name] === other && process.env.STS_LAB_E2E_DOWN !== '1'
}

/** @param log file for what the suite says as long as another speaks; without it, it speaks at once */
async function timed(name, log) {
  const heading = `\n── ${name} ──`
  if (log === undefined) say(heading)
  const start = performance.now()
  const counts = await SUITES[name](log)
  const seconds = (performance.now() - start) / 1000
  return {
    name,
    ...counts,
    seconds,
    said: log === undefined ? '' : `${heading}\n${readFileSync(log, 'utf8')}`,
  }
}

/** Runs one vitest project, its output as ours (or in a file), and reads its counts from the JSON report. */
async function vitest(project, log) {
  const report = join(scratch, `${project}.json`)
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]
  // One stream, so that a log keeps the order of what happened.
  const stream = log === undefined ? 1 : openSync(log, 'w')
  const child = spawn('node_modules/.bin/vitest', args, {
    stdio: ['ignore', stream, stream],
    env: { ...process.env, STS_LAB_E2E_SKIP_REPORT: skipReport },
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  return countsFrom(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, code)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
