import { interruptedError, LabError, usageError } from '../errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Lab, LabStep } from '../lab/lab.ts'
import { nearest } from '../lab/nearest.ts'
import { arrive } from './lab-arrival.ts'
import { type LabDependencies, type LabOptions, LabRun } from './lab-run.ts'
import { runStep, type StepEnd } from './lab-step.ts'
import { exitOf, type StepVerdict } from './lab-verdict.ts'
import { removeLeftoverPods } from './leftover-pods.ts'
import {
  beginAnew,
  type LabProgress,
  moved,
  progressFor,
  stepBack,
  stepDone,
  stepSkipped,
  withoutRuns,
} from './progress.ts'

/**
 * Leads through a lab, from where progress says (or `from`) to its end.
 *
 * @returns by the verdicts: 0 all pass, 1 something failed, 3 something undecided. Whoever quits on purpose
 * has not failed: 0.
 * @throws LabError 'interrupted' on Ctrl-C; what was made to read with is removed first. Progress is kept.
 */
export async function runLab(lab: Lab, options: LabOptions, deps: LabDependencies): Promise<ExitCode> {
  const { conversation, clock } = deps
  const kept = await startingPoint(lab, options, deps)
  const run = new LabRun(lab, options.namespace, deps, kept.created)
  conversation.tell({ say: 'lab', lab, namespace: options.namespace })
  try {
    await deps.lock?.hold(deps.signal)
    await removeLeftoverPods(deps.cluster, options.namespace, kept.runs, deps.signal)
    await deps.progress.change((now) =>
      withoutRuns(progressFor(lab, options.namespace, now, clock.now()), kept.runs),
    )
    await arrive(
      run,
      Object.values(kept.steps).every(({ doneAt }) => doneAt === null),
    )
    await run.open()
    return await walk(run, kept.current)
  } catch (error) {
    if (deps.signal.aborted && !(error instanceof LabError && error.kind === 'interrupted'))
      throw interruptedError()
    throw error
  } finally {
    await run.close().finally(() => deps.lock?.release(AbortSignal.timeout(RELEASE_MS)))
  }

  async function walk(active: LabRun, first: string | null): Promise<ExitCode> {
    const verdicts = new Map<string, readonly StepVerdict[]>()
    let current = first
    while (current !== null) {
      await active.lookUpPlaceholders()
      // The namespace may have been made by the step before.
      if (active.namespaceWatch.state() !== 'gone') await deps.lock?.hold(deps.signal)
      const step = active.step(current)
      const end = await runStep(active, step)
      if (end.end === 'quit') return EXIT.passed
      if (end.end === 'done') verdicts.set(step.id, end.verdicts)
      const after = await deps.progress.change((before) =>
        afterStep(progressFor(lab, options.namespace, before, clock.now()), lab, step, end, clock.now()),
      )
      if (end.end === 'back' || end.end === 'again') await active.open()
      if (end.end === 'done' && !end.reached && !conversation.interactive) return exitOf(all(verdicts))
      current = end.end === 'back' || end.end === 'again' ? resumeAt(lab, after.current) : after.current
    }
    conversation.tell({
      say: 'finished',
      lab,
      namespace: options.namespace,
      remains: active.namespaceWatch.state() !== 'gone',
      verdicts: all(verdicts),
    })
    return exitOf(all(verdicts))
  }
}

/** What giving back the lock may take. */
const RELEASE_MS = 5_000

function afterStep(
  progress: LabProgress,
  lab: Lab,
  step: LabStep,
  end: Exclude<StepEnd, { readonly end: 'quit' }>,
  now: Date,
): LabProgress {
  switch (end.end) {
    case 'done':
      return stepDone(progress, lab, step.id, end.verdicts, now)
    case 'skip':
      return stepSkipped(progress, lab, step.id, now)
    case 'back':
      return stepBack(moved(progress, step.id, now), lab, now)
    case 'again':
      return moved(progress, step.id, now)
  }
}

const all = (verdicts: ReadonlyMap<string, readonly StepVerdict[]>): StepVerdict[] =>
  [...verdicts.values()].flat()

/** Kept progress with the step to begin at; a finished lab begins again. */
async function startingPoint(lab: Lab, options: LabOptions, deps: LabDependencies): Promise<LabProgress> {
  const { clock, conversation, progress } = deps
  const from = options.from === null ? null : wantedStep(lab, options.from)
  const before = await progress.read()
  const kept = await progress.change((now) => {
    const mine = progressFor(lab, options.namespace, now, clock.now())
    const base =
      mine.current === null && from === null ? beginAnew(lab, options.namespace, mine, clock.now()) : mine
    return moved(base, from?.id ?? resumeAt(lab, base.current), clock.now())
  })
  if (before !== null && before.labVersion !== lab.version)
    conversation.tell({
      say: 'note',
      text: `${lab.title} has changed since you were last here: it begins anew. What you did before is kept aside; \`sts-lab status ${lab.id}\` says where.`,
    })
  else if (from === null && kept.current !== lab.steps[0]?.id) {
    const at = before?.current ?? null
    const text =
      at === null || at === kept.current
        ? `You go on where you left off: step "${kept.current ?? ''}".`
        : `You were at step "${at}". What it is judged by begins with step "${kept.current ?? ''}", so you go on there.`
    conversation.tell({ say: 'note', text })
  }
  return kept
}

/** Evidence that began in an earlier step has to begin again with it. */
function resumeAt(lab: Lab, current: string | null): string | null {
  const step = lab.steps.find(({ id }) => id === current)
  return step?.resumeFrom ?? current
}

function wantedStep(lab: Lab, id: string): LabStep {
  const found = lab.steps.find((step) => step.id === id || step.part === id)
  if (found !== undefined) return found
  const ids = lab.steps.map((step) => step.id)
  const meant = nearest(id, ids)
  throw usageError(
    'unknown-step',
    `${lab.id} has no step "${id}"`,
    meant === null ? `its steps: ${ids.join(', ')}` : `did you mean --from ${meant}?`,
  )
}
