import { dottedValue } from '../lab/dotted-value.ts'
import type { ClaimProof, LabStep } from '../lab/lab.ts'
import type { ObjectRef } from '../ports.ts'
import { printable } from '../timeline/printable.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { LabRun } from './lab-run.ts'
import type { StepVerdict } from './lab-verdict.ts'

/** How long a value may take to become what is said of it: status and endpoints follow the pods a little later. */
const PATIENCE_MS = 10_000
const LOOK_MS = 500

/**
 * Tells what a step came to, with what the lab says about it.
 *
 * @param reached its goal is there: otherwise there is nothing yet that its claims are about.
 * @returns the verdicts that count. A student is not blamed for what a lab says, so its claims count only where
 * nobody is there.
 */
export async function tellCheckpoint(
  run: LabRun,
  step: LabStep,
  verdicts: readonly StepVerdict[],
  reached: boolean,
): Promise<readonly StepVerdict[]> {
  const { conversation } = run.deps
  const claims = reached ? await judgeClaims(run, step, verdicts) : []
  conversation.tell({ say: 'checkpoint', step, namespace: run.namespace, verdicts, claims })
  return conversation.interactive ? verdicts : [...verdicts, ...claims]
}

/** Holds what the lab says of a step against the cluster: "claim/1" and so on. */
async function judgeClaims(
  run: LabRun,
  step: LabStep,
  verdicts: readonly StepVerdict[],
): Promise<StepVerdict[]> {
  const judged: StepVerdict[] = []
  for (const [index, claim] of step.claims.entries()) {
    const { proof } = claim
    const base = { step: step.id, id: `claim/${index + 1}`, title: claim.says, hint: null }
    judged.push({
      ...base,
      ...('check' in proof ? byCheck(proof.check, verdicts) : await byObject(run, proof)),
    })
  }
  return judged
}

type Found = Pick<StepVerdict, 'verdict' | 'reason' | 'expected' | 'actual'>

function byCheck(id: string, verdicts: readonly StepVerdict[]): Found {
  const found = verdicts.find((verdict) => verdict.id === id)
  if (found === undefined)
    return { verdict: 'inconclusive', reason: `${id} was not judged`, expected: null, actual: null }
  return {
    verdict: found.verdict,
    reason: found.verdict === 'pass' ? '' : `${id}: ${found.reason}`,
    expected: null,
    actual: null,
  }
}

type ObjectProof = Extract<ClaimProof, { readonly kind: string }>

async function byObject(run: LabRun, proof: ObjectProof): Promise<Found> {
  const { cluster, clock, signal } = run.deps
  const ref = refOf(run, proof)
  const deadline = clock.monotonicMs() + PATIENCE_MS
  for (;;) {
    const value = dottedValue(await cluster.get(ref, signal), proof.path) ?? null
    const where = `${proof.kind} ${ref.name}: ${proof.path}`
    const found = { expected: `${where} is ${shown(proof.is)}`, actual: shown(value) }
    if (value === proof.is) return { verdict: 'pass', reason: '', expected: null, actual: null }
    if (clock.monotonicMs() > deadline)
      return { verdict: 'fail', reason: `${where} is ${shown(value)}, not ${shown(proof.is)}`, ...found }
    await clock.sleep(LOOK_MS, signal)
    throwIfInterrupted(signal)
  }
}

function refOf({ lab, namespace }: LabRun, { kind, name }: ObjectProof): ObjectRef {
  const apiVersion = kind === 'StatefulSet' ? 'apps/v1' : 'v1'
  if (kind === 'Namespace') return { apiVersion, kind, name: name === lab.namespace ? namespace : name }
  return { apiVersion, kind, namespace, name }
}

/** What is on a cluster may be anything: one line of it. */
function shown(value: unknown): string {
  if (value === null) return 'absent'
  return printable(typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value)), 120)
}
