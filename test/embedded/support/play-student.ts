import type { PersistentVolumeClaim, Pod } from '../../../src/embedded/shapes.ts'
import { type Picture, pictureOf, Renamer } from './picture.ts'
import { numbersFrom } from './random-writes.ts'
import type { Stage } from './stage.ts'
import { nextStep, type StudentStep, settle, takeStep } from './student.ts'

/** What a step led to on one cluster. */
export interface Trace {
  readonly step: StudentStep
  readonly code: number
  readonly pods: readonly string[]
  readonly claims: readonly string[]
  readonly picture: Picture
}

/** Of objects that come or go at the same time only the order of each by itself says something. */
const perObject = (facts: readonly string[]): readonly string[] =>
  [...facts].sort((a, b) => (a.split(' ')[0] ?? '').localeCompare(b.split(' ')[0] ?? ''))

/**
 * A random play: each step is chosen by what is there, and followed until nothing more comes of it. The same seed
 * chooses the same steps where the same things come of them.
 */
export async function* playStudent(stage: Stage, seed: number, steps: number): AsyncGenerator<Trace> {
  const random = numbersFrom(seed)
  for (let index = 0; index < 10; index += 1) random()
  const renamer = new Renamer()
  const broken = new Set<string>()
  let ordered = true
  for (let index = 0; index < steps; index += 1) {
    const [set, pods, claims] = await Promise.all([
      stage.set(),
      stage.list<Pod>('pods'),
      stage.list<PersistentVolumeClaim>('persistentvolumeclaims'),
    ])
    const step = nextStep(random, {
      hasSet: set !== null,
      replicas: set?.spec.replicas ?? 0,
      pods: pods.map(({ metadata }) => metadata.name),
      claims: claims.map(({ metadata }) => metadata.name),
      goingClaims: claims
        .filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
        .map(({ metadata }) => metadata.name),
      broken: pods
        .filter(({ metadata }) => broken.has(metadata.uid ?? ''))
        .map(({ metadata }) => metadata.name),
    })
    const target =
      'ordinal' in step ? pods.find(({ metadata }) => metadata.name === `web-${step.ordinal}`) : null
    if (step.do === 'break') broken.add(target?.metadata.uid ?? '')
    if (step.do === 'mend') broken.delete(target?.metadata.uid ?? '')
    if (step.do === 'create') ordered = step.policy === 'OrderedReady'
    const code = await takeStep(stage, step)
    await settle(stage, broken)
    const isOneByOne = ordered && step.do !== 'delete set' && step.do !== 'delete pods'
    const facts = stage.pods.take().filter((fact) => !fact.endsWith(' scheduled'))
    yield {
      step,
      code,
      pods: isOneByOne ? facts : perObject(facts),
      claims: perObject(stage.claims.take()),
      picture: await pictureOf(stage, renamer),
    }
  }
}
