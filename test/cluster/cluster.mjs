// `npm run cluster:up | cluster:down | cluster:status`: the native cluster, and its context in your kubeconfig.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { editKubeconfig, kubeconfigPath, withNative, withoutNative } from './kubeconfig.mjs'

const SCRIPT = fileURLToPath(new URL('native-cluster', import.meta.url))
const SERVER = 'https://127.0.0.1:26443'
const target = kubeconfigPath()

function native(command) {
  const { status, stdout, error } = spawnSync('bash', [SCRIPT, command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (error) throw error
  return { status: status ?? 1, stdout }
}

/** The cluster's own kubeconfig needs nothing added, and goes with the cluster. */
const isItsOwn = (path, own) => existsSync(path) && realpathSync(path) === realpathSync(own)

async function up() {
  const { status, stdout } = native('up')
  if (status !== 0) return status
  const own = stdout.trim()
  if (!isItsOwn(target, own))
    await editKubeconfig(target, (text) => withNative(text, readFileSync(own, 'utf8')))
  process.stdout.write(`The cluster runs. Context "native" in ${target} is the current one.\n`)
  return 0
}

async function down() {
  const { status } = native('down')
  if (status !== 0) return status
  // Its own kubeconfig went with its folder; what is there now is somebody's.
  if (existsSync(target)) await editKubeconfig(target, (text) => withoutNative(text, SERVER))
  process.stdout.write('The cluster is gone, and its context with it.\n')
  return 0
}

function status() {
  const { status: code, stdout } = native('status')
  process.stdout.write(stdout)
  return code
}

const commands = { up, down, status }
const command = commands[process.argv[2] ?? '']
try {
  if (!command) process.stderr.write('usage: cluster.mjs up|down|status\n')
  process.exitCode = command ? await command() : 2
} catch (error) {
  process.stderr.write(`cluster: ${error.message}\n`)
  process.exitCode = 1
}
