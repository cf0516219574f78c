import path from 'node:path'
import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { didYouMean } from '../../lab/nearest.ts'
import { doneIn } from '../../run/plan-proofs.ts'
import type { LabProgress } from '../../run/progress.ts'
import { commandFor, planStanding } from '../../study/plan-standing.ts'
import { withTick } from '../../study/scores.ts'
import type { PlanItem, Study } from '../../study/study.ts'
import { readHeads } from '../labs.ts'
import { planPage } from '../plan-pages.ts'
import { progressFiles, progressFolder, readProgress } from '../progress-file.ts'
import type { Services } from '../services.ts'
import { readStudy } from '../study.ts'
import { studyStore } from '../study-file.ts'

export interface PlanFlags {
  /** An item to tick by hand, or to untick. */
  readonly done?: string
  readonly undone?: string
  readonly output: 'text' | 'json'
}

/** `sts-lab plan`: the learning plan, ticked by what was done and proven. */
export async function plan(flags: PlanFlags, services: Services): Promise<ExitCode> {
  const { terminal, clock } = services
  const study = await readStudy(services)
  const store = studyStore(services)
  const { done, undone } = flags
  if (done !== undefined) {
    const item = byHand(done, study)
    await store.change((record) => withTick(record, item, true, clock.now()))
  }
  if (undone !== undefined) {
    const item = byHand(undone, study)
    await store.change((record) => withTick(record, item, false, clock.now()))
  }
  const heads = await readHeads(services)
  const record = await store.read()
  const standing = planStanding(
    study.plan,
    doneIn({
      study,
      record,
      progress: await allProgress(services),
      stepsOf: (lab) => heads.find(({ id }) => id === lab)?.steps ?? [],
      now: clock.now(),
    }),
  )
  if (flags.output === 'json') {
    const phases = standing.phases.map(({ phase: { groups: _, ...phase }, items }) => ({
      ...phase,
      items: items.map(({ item, by, command }) => ({ ...item, done: by !== null, by, command })),
    }))
    const { done: ticked, items, next } = standing
    const result = { schemaVersion: 1, done: ticked, items, next: next?.command ?? null, phases }
    terminal.out(`${JSON.stringify(result, null, 2)}\n`)
  } else terminal.out(planPage(standing, terminal))
  return EXIT.passed
}

async function allProgress(services: Services): Promise<LabProgress[]> {
  const kept: LabProgress[] = []
  for (const name of await progressFiles(services)) {
    const progress = await readProgress(services, path.join(progressFolder(services), name))
    if (progress !== null) kept.push(progress)
  }
  return kept
}

/** @throws LabError 'unknown-item', 'provable' (usage). */
function byHand(id: string, { plan: phases }: Study): PlanItem {
  const items = phases.flatMap(({ groups }) => groups.flatMap((group) => group.items))
  const item = items.find((each) => each.id === id)
  const free = items.filter(({ proofs }) => proofs.length === 0).map((each) => each.id)
  if (item === undefined) {
    const guess = didYouMean(
      id,
      items.map((each) => each.id),
    )
    throw usageError('unknown-item', `the plan has no item "${id}"${guess}`, `by hand go: ${free.join(', ')}`)
  }
  if (item.proofs.length > 0)
    throw usageError('provable', `"${item.text}" is ticked by doing it, not by hand`, commandFor(item))
  return item
}
