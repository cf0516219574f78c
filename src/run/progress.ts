import type { EarlierSystem, Verdict } from '../criteria/criterion.ts'
import type { Lab } from '../lab/lab.ts'
import type { StepVerdict } from './lab-verdict.ts'

/** How far somebody is in a lab: one readable file. */
export interface LabProgress {
  readonly schemaVersion: 1
  readonly lab: string
  readonly labVersion: number
  readonly namespace: string
  readonly startedAt: string
  readonly updatedAt: string
  /** The step to go on with; null when the lab is finished. */
  readonly current: string | null
  /** By step; "<step>/<blank>" counts the hints of a blank. */
  readonly steps: Readonly<Record<string, StepProgress>>
  /** UIDs of what belongs to the lab though it carries no label: made by hand while a step waited for it. */
  readonly created: readonly string[]
  /** Runs that may have left helper pods behind: each is known by its label, and removed by the next run. */
  readonly runs: readonly string[]
  /** Where the student's own files of this lab are: an absolute path; null: it has none. */
  readonly folder: string | null
  /** By "<step>/<number>", "design/<number>" for a lab's own questions, "fill/<blank>"; numbers from 1. */
  readonly answers: Readonly<Record<string, KeptAnswer>>
  /** The last `verify` of this lab; null: none. */
  readonly exam: ExamResult | null
  /** What the broken system of an exercise had when its symptom was shown; null: it has not been shown. */
  readonly broken: EarlierSystem | null
  /** Steps that ever passed, and when they first did: what was proven stays so when the lab is begun anew. */
  readonly passed: Readonly<Record<string, string>>
}

export interface KeptAnswer {
  readonly text: string
  /** RFC 3339. */
  readonly at: string
  /** null: nothing judges it. */
  readonly right: boolean | null
  /** Key points that were found in it, and that were missed. */
  readonly found: readonly string[]
  readonly missed: readonly string[]
}

export interface ExamResult {
  /** RFC 3339. */
  readonly at: string
  /** Every criterion and constraint passed, then or in an earlier exam. */
  readonly passedAt: string | null
  readonly score: number
  readonly maxScore: number
  readonly verdicts: Readonly<Record<string, Verdict>>
}

export interface StepProgress {
  /** RFC 3339; null: not done (skipped, or only hints were asked for). */
  readonly doneAt: string | null
  readonly skipped: boolean
  readonly verdicts: Readonly<Record<string, Verdict>>
  /** How many of its hints were shown. */
  readonly hints: number
}

/** Where progress is kept. Every change reads the file again, so that two terminals do not undo each other's. */
export interface ProgressStore {
  read(): Promise<LabProgress | null>
  change(how: (before: LabProgress | null) => LabProgress): Promise<LabProgress>
}

const NOTHING: StepProgress = { doneAt: null, skipped: false, verdicts: {}, hints: 0 }

export function begin(lab: Lab, namespace: string, now: Date): LabProgress {
  const at = now.toISOString()
  return {
    schemaVersion: 1,
    lab: lab.id,
    labVersion: lab.version,
    namespace,
    startedAt: at,
    updatedAt: at,
    current: lab.steps[0]?.id ?? null,
    steps: {},
    created: [],
    runs: [],
    folder: null,
    answers: {},
    exam: null,
    broken: null,
    passed: {},
  }
}

/** A finished lab from its beginning again. What was proven, answered and made is not forgotten. */
export function beginAnew(lab: Lab, namespace: string, kept: LabProgress, now: Date): LabProgress {
  const { created, runs, exam, passed } = kept
  // What was written into blanks is written again; until then it would fill in the texts of other steps.
  const answers = Object.fromEntries(Object.entries(kept.answers).filter(([key]) => !key.startsWith('fill/')))
  return { ...begin(lab, namespace, now), created, runs, exam, passed, answers }
}

/**
 * Kept progress, if it is of this lab as it is now; of another version it would point at other steps. What
 * belongs to the lab on the cluster stays known in every case, so that it can be removed.
 */
export function progressFor(lab: Lab, namespace: string, kept: LabProgress | null, now: Date): LabProgress {
  if (kept === null || kept.namespace !== namespace) return begin(lab, namespace, now)
  if (kept.labVersion === lab.version) return kept
  return { ...begin(lab, namespace, now), created: kept.created, runs: kept.runs }
}

export const stepProgress = (progress: LabProgress, step: string): StepProgress =>
  progress.steps[step] ?? NOTHING

export function stepDone(
  progress: LabProgress,
  lab: Lab,
  step: string,
  verdicts: readonly StepVerdict[],
  now: Date,
): LabProgress {
  const changed = {
    ...stepProgress(progress, step),
    doneAt: now.toISOString(),
    skipped: false,
    verdicts: Object.fromEntries(verdicts.map(({ id, verdict }) => [id, verdict])),
  }
  const proven = verdicts.every(({ verdict }) => verdict === 'pass')
  const passed = proven ? { [step]: now.toISOString(), ...progress.passed } : progress.passed
  return moved({ ...withStep(progress, step, changed), passed }, stepAfter(lab, step), now)
}

export const stepSkipped = (progress: LabProgress, lab: Lab, step: string, now: Date): LabProgress =>
  moved(
    withStep(progress, step, { ...stepProgress(progress, step), skipped: true }),
    stepAfter(lab, step),
    now,
  )

export const stepBack = (progress: LabProgress, lab: Lab, now: Date): LabProgress =>
  moved(progress, stepBefore(lab, progress.current), now)

/** Counts one more hint as shown, up to the last. */
export function hintShown(
  progress: LabProgress,
  lab: Lab,
  step: string,
  now: Date,
  most = lab.steps.find(({ id }) => id === step)?.hints.length ?? lab.hints.length,
): LabProgress {
  const before = stepProgress(progress, step)
  const changed = withStep(progress, step, { ...before, hints: Math.min(most, before.hints + 1) })
  return { ...changed, updatedAt: now.toISOString() }
}

export const withRun = (progress: LabProgress, run: string): LabProgress => ({
  ...progress,
  runs: [...progress.runs, run],
})

export const withoutRuns = (progress: LabProgress, runs: readonly string[]): LabProgress => ({
  ...progress,
  runs: progress.runs.filter((run) => !runs.includes(run)),
})

export const withCreated = (progress: LabProgress, uids: readonly string[]): LabProgress => ({
  ...progress,
  created: [...new Set([...progress.created, ...uids])],
})

/** The last answer to a question or for a blank takes the place of an earlier one. */
export const withAnswer = (progress: LabProgress, key: string, answer: KeptAnswer): LabProgress => ({
  ...progress,
  answers: { ...progress.answers, [key]: answer },
  updatedAt: answer.at,
})

export const moved = (progress: LabProgress, current: string | null, now: Date): LabProgress => ({
  ...progress,
  current,
  updatedAt: now.toISOString(),
})

function stepAfter(lab: Lab, step: string): string | null {
  const index = lab.steps.findIndex(({ id }) => id === step)
  return lab.steps[index + 1]?.id ?? null
}

/** The step before; of the end, the last; of the first, the first. */
function stepBefore(lab: Lab, step: string | null): string | null {
  const index = step === null ? lab.steps.length : lab.steps.findIndex(({ id }) => id === step)
  return lab.steps[Math.max(0, index - 1)]?.id ?? null
}

const withStep = (progress: LabProgress, step: string, value: StepProgress): LabProgress => ({
  ...progress,
  steps: { ...progress.steps, [step]: value },
})
