// `npm test`: the check, then the suites, each with its time; the last line counts everything that ran.
//   --only NAME[,NAME]   check, unit, embedded, cli, e2e, labs, faults
//   --down               takes the e2e cluster down afterwards (STS_LAB_E2E_DOWN=1)
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

const SUITES = {
  // The unit suite has the import direction test too: counted once.
  check: () => check({ without: wanted.includes('unit') ? ['import direction'] : [], say }),
  unit: () => vitest('unit'),
  embedded: () => vitest('embedded'),
  cli: () => vitest('cli'),
  e2e: () => vitest('e2e', { STS_LAB_E2E_SKIP_REPORT: skipReport }),
  labs: () => vitest('labs', { STS_LAB_E2E_SKIP_REPORT: skipReport }),
  // Last and alone: it stops the API server of the cluster that the others use.
  faults: () => vitest('faults', { STS_LAB_E2E_SKIP_REPORT: skipReport }),
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
  for (const name of wanted) results.push(await timed(name))
  const reason = existsSync(skipReport) ? readFileSync(skipReport, 'utf8') : null
  say(`\n${lastLines(results, reason, HOW_TO_RUN)}`)
  process.exitCode = mayPass(results) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function timed(name) {
  say(`\n── ${name} ──`)
  const start = performance.now()
  const counts = await SUITES[name]()
  return { name, ...counts, seconds: (performance.now() - start) / 1000 }
}

/** Runs one vitest project, its output as ours, and reads its counts from the JSON report. */
async function vitest(project, env = {}) {
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
  const child = spawn('node_modules/.bin/vitest', args, {
    stdio: ['ignore', 1, 1],
    env: { ...process.env, ...env },
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  return countsFrom(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null, code)
}

function say(line) {
  process.stdout.write(`${line}\n`)
}
