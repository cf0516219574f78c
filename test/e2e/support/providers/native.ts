import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { notApplicable, type Provider } from '../provider.ts'

const SCRIPT = fileURLToPath(new URL('../../../cluster/native-cluster', import.meta.url))
const KUBECONFIG = `${process.env.STS_LAB_CLUSTER_DIR ?? '/var/lib/sts-lab-cluster'}/kubeconfig`

/**
 * The native cluster of a Debian 12 machine. One that runs is used at any time; starting one installs packages
 * and, the first time, builds for some minutes, so that happens only when asked (CI=true, npm run e2e).
 */
export const native: Provider = {
  name: 'the native cluster',
  async offer() {
    if (!isRunning()) {
      const obstacle = whyNotHere()
      if (obstacle !== null) return notApplicable(obstacle)
      if (process.env.CI !== 'true' && process.env.STS_LAB_E2E !== '1')
        return notApplicable('it does not run, and was not asked for')
      if (nativeCluster('up', 'inherit') !== 0)
        throw new Error('native-cluster up failed; its words stand above')
    }
    return {
      kind: 'ready',
      cluster: { kubeconfig: KUBECONFIG, context: 'native', provider: 'native cluster' },
      async tearDown() {
        if (process.env.STS_LAB_E2E_DOWN === '1') nativeCluster('down', 'inherit')
      },
    }
  },
}

const isRunning = (): boolean => existsSync(KUBECONFIG) && nativeCluster('status', 'ignore') === 0

function whyNotHere(): string | null {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
  if (!/^ID=debian$/m.test(release) || !/^VERSION_ID="12"$/m.test(release)) return 'this is not Debian 12'
  if (process.getuid?.() !== 0) return 'it needs root'
  return null
}

const nativeCluster = (command: string, stderr: 'inherit' | 'ignore'): number =>
  spawnSync('bash', [SCRIPT, command], { stdio: ['ignore', 'ignore', stderr] }).status ?? 1
