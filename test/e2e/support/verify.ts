import type { ChildProcess } from 'node:child_process'
import { expect } from 'vitest'
import type { VerifyResult } from '../../../src/result.ts'
import { runCli } from './cluster.ts'
import type { E2eConnection } from './connect.ts'

export interface Verified {
  readonly code: number | null
  readonly result: VerifyResult
  readonly stderr: string
  readonly durationMs: number
}

/** `sts-lab verify -o json` in a namespace. */
export async function verifyIn(namespace: string, ...flags: string[]): Promise<Verified> {
  const run = await runCli(['verify', '--allow-simulated', '--namespace', namespace, '-o', 'json', ...flags])
  let result: VerifyResult
  try {
    result = JSON.parse(run.stdout) as VerifyResult
  } catch {
    throw new Error(`no JSON on stdout (exit ${run.code}):\n${run.stdout}\n${run.stderr}`)
  }
  return { code: run.code, result, stderr: run.stderr, durationMs: run.durationMs }
}

/** The numbers of the criteria with this verdict. */
export const numbersOf = (result: VerifyResult, verdict: string): number[] =>
  result.criteria.filter((criterion) => criterion.verdict === verdict).map(({ number }) => number)

const failedConstraints = (result: VerifyResult): string[] =>
  result.constraints.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)

/** Criteria failed, criteria undecided, constraints failed, exit code: all that a wrong set is judged by. */
export function verdictsOf({ result, code }: Verified) {
  return {
    failed: numbersOf(result, 'fail'),
    undecided: numbersOf(result, 'inconclusive'),
    constraints: failedConstraints(result),
    code,
  }
}

/** With the reasons in the failure message: numbers alone tell little. */
export function expectVerdicts(verified: Verified, expected: ReturnType<typeof verdictsOf>): void {
  const reasons = [...verified.result.constraints, ...verified.result.criteria]
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ id, verdict, reason }) => `${verdict} ${id}: ${reason}`)
  expect(verdictsOf(verified), reasons.join('\n')).toEqual(expected)
}

/** What a set and its surroundings look like, apart from what the cluster itself changes: names, UIDs and specs. */
export async function inventory(api: E2eConnection, namespace: string) {
  const names = async (path: string) =>
    (await api.list(path))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name)
      .sort()
  const base = `/api/v1/namespaces/${namespace}`
  const set = await api.get<{ spec: unknown; metadata: { name: string; uid: string } }>(
    `/apis/apps/v1/namespaces/${namespace}/statefulsets/web`,
  )
  return {
    set: set === null ? null : { uid: set.metadata.uid, spec: set.spec },
    pods: await names(`${base}/pods`),
    claims: await names(`${base}/persistentvolumeclaims`),
    configMaps: (await names(`${base}/configmaps`)).filter((name) => name !== 'kube-root-ca.crt'),
    services: await names(`${base}/services`),
  }
}

export const ALL_PASS: ReturnType<typeof verdictsOf> = {
  failed: [],
  undecided: [],
  constraints: [],
  code: 0,
}

/** Resolves when the progress of a running command matches; rejects when it ends before. */
export function untilPrinted(running: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    running.stderr?.on('data', (chunk: string | Buffer) => {
      text += chunk.toString()
      if (pattern.test(text)) resolve()
    })
    running.once('close', () => reject(new Error(`ended without printing ${pattern}:\n${text}`)))
  })
}
