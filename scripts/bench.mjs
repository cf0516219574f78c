// `npm run bench`: what sts-lab costs, as JSON on stdout. A part that cannot be measured here is null, with a reason.
//   --runs N      how often each start-up is timed (default 15)
//   --passes N    how often verify and the kubectl script go over a fresh set (default 1)
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, passes: { type: 'string', default: '1' } },
})
const runs = Number(values.runs)
const passes = Number(values.passes)
const CLI = [process.execPath, 'bin/sts-lab.js']
const NO_TIMING = { overheadMs: null, reason: 'this verify reports no timing in its JSON' }
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0

const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] })
if (built.status !== 0) throw new Error('the build failed')
const report = {
  machine: { node: process.version, cpus: os.cpus().length, cpu: os.cpus()[0]?.model ?? null },
  startUp: startUp(),
  verify: await verify(),
  embedded: await embedded(),
}
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)

/** Medians in milliseconds, and what each adds to bare node. Interleaved, so that a busy moment hits all alike. */
function startUp() {
  const commands = {
    node: [process.execPath, '-e', '0'],
    'kubectl version --client': hasKubectl ? ['kubectl', 'version', '--client'] : null,
    'sts-lab --version': [...CLI, '--version'],
    'sts-lab --help': [...CLI, '--help'],
    'sts-lab list': [...CLI, 'list'],
  }
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]))
  for (let run = 0; run <= runs; run++)
    for (const [name, command] of Object.entries(commands)) {
      if (!command) continue
      const ms = timed(command)
      if (run > 0) times[name].push(ms) // the first fills the file cache
    }
  const bare = median(times.node)
  return Object.fromEntries(
    Object.entries(times).map(([name, list]) => {
      if (list.length === 0) return [name, { medianMs: null, reason: 'kubectl is not installed' }]
      return [name, { medianMs: round(median(list)), overNodeMs: round(median(list) - bare) }]
    }),
  )
}

function timed([command, ...args]) {
  const start = performance.now()
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  const ms = performance.now() - start
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}`)
  return ms
}

/** verify on a correct set, and the same ten checks as a kubectl script on another, each in a fresh namespace. */
async function verify() {
  const { benchCluster, withCorrectSet } = await loadTypeScript('scripts/bench/correct-set.ts')
  const offer = await benchCluster()
  if (offer.kind !== 'ready')
    return { stsLab: null, kubectlScript: null, reason: `no cluster: ${offer.reason}` }
  const { cluster } = offer
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig }
  const stsLab = []
  const script = []
  try {
    for (let pass = 0; pass < passes; pass++) {
      stsLab.push(await withCorrectSet(cluster, async (set) => verifyOnce(set, cluster, env)))
      if (hasKubectl) script.push(await withCorrectSet(cluster, async (set) => scriptOnce(set, cluster, env)))
    }
  } finally {
    await offer.tearDown()
  }
  return {
    cluster: cluster.provider,
    stsLab,
    kubectlScript: hasKubectl ? script : null,
    ...(hasKubectl ? {} : { reason: 'kubectl is not installed' }),
  }
}

/** A hundred StatefulSets: on the control plane of the embedded cluster alone, and on the whole of it in its process. */
async function embedded() {
  const { embeddedLoad } = await loadTypeScript('scripts/bench/embedded-load.ts')
  const { embeddedWhole } = await loadTypeScript('scripts/bench/embedded-whole.ts')
  const wanting = process.platform === 'linux' ? null : 'the memory of a process is read from /proc'
  return { controlPlane: embeddedLoad(), whole: wanting === null ? await embeddedWhole() : wanting }
}

function verifyOnce({ namespace }, { context }, env) {
  const args = [
    ...CLI.slice(1),
    'verify',
    '--namespace',
    namespace,
    '--context',
    context,
    '--yes',
    '-o',
    'json',
  ]
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(CLI[0], args, { encoding: 'utf8', env })
  const processMs = round(performance.now() - start)
  if (!stdout.startsWith('{')) return { processMs, exitCode: status, stderr: stderr.slice(-2000) }
  const { summary, timing, criteria } = JSON.parse(stdout)
  const notPassed = criteria
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, reason }) => `${id}: ${reason}`)
  // processMs is what a shell sees: it has node's own start in it, wallMs begins after that.
  return { exitCode: status, processMs, ...(timing ?? NO_TIMING), summary, notPassed }
}

function scriptOnce({ namespace, name }, { context }, env) {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['scripts/bench/ten-checks.sh', namespace, name, '--context', context],
    { encoding: 'utf8', env },
  )
  const lines = stdout.trim().split('\n')
  return {
    exitCode: status,
    processMs: round(performance.now() - start),
    passed: lines.filter((line) => line.includes(' ok ')).length,
    notPassed: lines.filter((line) => line.includes(' FAILED ')),
    ...(status === 0 ? {} : { stderr: stderr.slice(-2000) }),
  }
}

/** Node 20 runs no TypeScript by itself. */
async function loadTypeScript(entry) {
  const outfile = `node_modules/.cache/sts-lab/${path.basename(entry, '.ts')}.mjs`
  mkdirSync('node_modules/.cache/sts-lab', { recursive: true })
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL('test/e2e/support/providers/native.ts').href) },
  })
  writeFileSync(outfile, outputFiles[0].text)
  return import(pathToFileURL(outfile).href)
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
function round(ms) {
  return Math.round(ms * 10) / 10
}
