import type { PersistentVolumeClaim, Pod } from '../../../src/embedded/shapes.ts'
import { numbersFrom } from './random-writes.ts'
import type { Stage } from './stage.ts'
import { type StudentStep, settle, takeStep } from './student.ts'

const STEPS = 4

/** Steps that are taken before the one before has led to anything, and what is left in the end. */
export interface HastyRound {
  readonly steps: readonly StudentStep[]
  readonly left: Readonly<Record<string, unknown>>
}

/**
 * Random plays of a student who does not wait (nor leaves pods to nobody: how many there are by then is chance). How it comes to it differs each time, with whatever was under way; what
 * it comes to does not.
 */
export async function* playHastily(stage: Stage, seed: number, rounds: number): AsyncGenerator<HastyRound> {
  const random = numbersFrom(seed)
  for (let index = 0; index < 10; index += 1) random()
  const whole = (below: number): number => Math.floor(random() * below)
  let hasSet = false
  for (let round = 0; round < rounds; round += 1) {
    const steps: StudentStep[] = []
    for (let index = 0; index < STEPS; index += 1) {
      const step: StudentStep = hasSet ? anyStep(whole) : firstStep(whole)
      hasSet = step.do !== 'delete set'
      steps.push(step)
      await takeWhenPossible(stage, step)
      await stage.pass(0.4 * whole(4))
    }
    if (!hasSet)
      await stage.until(
        'the set is gone',
        () => stage.set(),
        (set) => set === null,
      )
    await settle(stage, new Set())
    yield { steps, left: await leftOn(stage) }
  }
}

type Whole = (below: number) => number

const firstStep = (whole: Whole): StudentStep => ({
  do: 'create',
  policy: whole(2) === 0 ? 'OrderedReady' : 'Parallel',
  replicas: 1 + whole(3),
  word: 1 + whole(3),
})

function anyStep(whole: Whole): StudentStep {
  const choice = whole(8)
  if (choice < 3) return { do: 'scale', replicas: whole(4) }
  if (choice < 5) return { do: 'change template', word: 1 + whole(3) }
  if (choice < 7) return { do: 'delete pods', ordinals: [whole(3)] }
  return {
    do: 'delete set',
    propagation: whole(2) === 0 ? 'Background' : 'Foreground',
  }
}

/** A name is free when its last owner is gone. */
async function takeWhenPossible(stage: Stage, step: StudentStep): Promise<void> {
  await stage.until(
    `${step.do} is not refused for the name`,
    () => takeStep(stage, step),
    (code) => step.do !== 'create' || code !== 409,
  )
}

async function leftOn(stage: Stage): Promise<HastyRound['left']> {
  const [set, pods, claims] = await Promise.all([
    stage.set(),
    stage.list<Pod>('pods'),
    stage.list<PersistentVolumeClaim>('persistentvolumeclaims'),
  ])
  const status = (set?.status ?? {}) as Record<string, unknown>
  const { replicas, readyReplicas, currentReplicas, updatedReplicas, currentRevision, updateRevision } =
    status
  return {
    wanted: set?.spec.replicas,
    status: { replicas, readyReplicas, currentReplicas, updatedReplicas },
    isUpdated: currentRevision === updateRevision,
    pods: pods.map(({ metadata, spec }) => [
      metadata.name,
      spec.containers[0]?.env?.[0]?.value,
      metadata.labels?.['controller-revision-hash'] === updateRevision,
      metadata.ownerReferences?.length ?? 0,
    ]),
    // Of a pod that was wanted for a moment there may be one left, or not.
    claims: claims
      .filter(({ metadata }) => pods.some((pod) => `data-${pod.metadata.name}` === metadata.name))
      .map(({ metadata, status: claim }) => [
        metadata.name,
        claim?.phase,
        metadata.deletionTimestamp !== undefined,
      ]),
  }
}
