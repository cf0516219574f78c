import { inject } from 'vitest'
import { type CliOptions, type CliResult, runCli as runCliAnywhere } from '../../helpers/run-cli.ts'
import type { E2eCluster } from './provider.ts'

/** The cluster of this run. */
export function theCluster(): E2eCluster {
  const cluster = inject('cluster')
  if (cluster === null) throw new Error('this run has no cluster, so no test of it should have started')
  return cluster
}

/** Runs the built `sts-lab` on the cluster of this run. */
export const runCli = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> =>
  runCliAnywhere(args, onTheCluster(options))

/** Its kubeconfig added to the environment, and time for pods to come and go. */
export const onTheCluster = (options: CliOptions = {}): CliOptions => ({
  timeoutMs: 280_000,
  ...options,
  env: { KUBECONFIG: theCluster().kubeconfig, ...options.env },
})
