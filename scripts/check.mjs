// `npm run check`: everything that needs neither a cluster nor a build, side by side, in well under 30 s.
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { houseProblems } from './check/house-rules.mjs'
import { packageProblems } from './check/package-rules.mjs'
import { labSchemaProblems } from './lab-schema.mjs'

const PARTS = {
  'format and lint': () => tool('biome', 'check', '.', '--error-on-warnings'),
  types: () => tool('tsc', '--noEmit'),
  'unused code': () => tool('knip', '--no-progress', '--treat-config-hints-as-errors'),
  'import direction': () =>
    tool('vitest', 'run', '--project', 'unit', 'test/unit/architecture.test.ts', '--reporter=dot'),
  'package promises': async () => listed(await packageProblems()),
  'lab schema': async () => listed(await labSchemaProblems()),
  'house rules': async () => listed(houseProblems()),
}

/** Runs the parts (save those in `without`), says each with its time, and what failed. Resolves to the counts. */
export async function check({ without = [], say = console.error } = {}) {
  const names = Object.keys(PARTS).filter((name) => !without.includes(name))
  const results = await Promise.all(names.map((name) => run(name, say)))
  for (const { name, ok, output } of results) if (!ok) say(`\n--- ${name} ---\n${output.trimEnd()}`)
  const failed = results.filter(({ ok }) => !ok).length
  return { passed: results.length - failed, failed, skipped: 0 }
}

async function run(name, say) {
  const start = performance.now()
  const { ok, output } = await PARTS[name]().catch((error) => ({
    ok: false,
    output: String(error?.message ?? error),
  }))
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  say(`${ok ? '✓' : '✗'} ${name} (${seconds} s)`)
  return { name, ok, output }
}

const tool = (name, ...args) =>
  new Promise((resolve, reject) => {
    const child = spawn(`node_modules/.bin/${name}`, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })

const listed = (problems) => ({ ok: problems.length === 0, output: problems.join('\n') })

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { failed } = await check()
  process.exitCode = failed === 0 ? 0 : 1
}
