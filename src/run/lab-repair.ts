import type { LabAdvice } from '../lab/condition.ts'
import type { LabGoal, LabStep } from '../lab/lab.ts'
import type { Observation } from '../timeline/observation.ts'
import { type Awaited, type Progress, throwIfInterrupted } from './await-state.ts'
import { adviceFor } from './condition.ts'
import { perform } from './lab-action.ts'
import { catchUp, redo } from './lab-catch-up.ts'
import { judgeStep } from './lab-checkpoint.ts'
import { tellCheckpoint } from './lab-claims.ts'
import { commandsFor, fill, lookLines } from './lab-commands.ts'
import { rememberCreated } from './lab-created.ts'
import { gatherAtRest } from './lab-evidence.ts'
import { judgeGoal } from './lab-goal.ts'
import { giveHint } from './lab-hint.ts'
import { askQuestions, chooseOr } from './lab-prompt.ts'
import { newsSince } from './lab-repair-news.ts'
import { brokenBy, clearLab } from './lab-reset.ts'
import type { LabRun } from './lab-run.ts'
import type { StepEnd } from './lab-step.ts'
import type { StepVerdict } from './lab-verdict.ts'
import { awaitProgress, whileShown } from './lab-wait.ts'
import { type RestWatch, watchRest } from './rest.ts'

type Fixed = Extract<LabGoal, { readonly see: 'fixed' }>

/**
 * A repair: the student mends what is broken, in another terminal and in any way. Each time the cluster has come to
 * rest after a change, evidence is gathered anew and every check judged. With nobody there our own solution is tried.
 */
export async function runRepair(run: LabRun, step: LabStep): Promise<StepEnd> {
  const { until } = step
  if (until?.see !== 'fixed') throw new Error(`step ${step.id} is no repair`)
  const { timeline, clock } = run.sitting.session
  const rest = watchRest(timeline, clock)
  try {
    await run.namespaceWatch.look(run.deps.signal)
    introduce(run, step)
    const ready = await bringToStart(run, step)
    if (ready !== 'ready') return { end: ready }
    const repair = new Repair(run, step, until, rest)
    return run.deps.conversation.interactive ? await repair.withStudent() : await repair.alone()
  } finally {
    rest.stop()
  }
}

/** What would mend it is not shown: that is the exercise. */
function introduce(run: LabRun, step: LabStep): void {
  const setting = run.commands()
  run.deps.conversation.tell({
    say: 'step',
    step: { ...step, explain: fill(step.explain, setting) },
    number: run.lab.steps.findIndex(({ id }) => id === step.id) + 1,
    of: run.lab.steps.length,
    namespace: run.namespace,
    commands: [],
    look: lookLines(step, setting),
  })
}

/** Half repaired or taken apart is where the student left it; only when nothing is there is it put up again. */
async function bringToStart(run: LabRun, step: LabStep): Promise<'ready' | 'back' | 'quit'> {
  const { statefulsets, services, claims } = run.sitting.session.state
  if (step.needs === null || statefulsets.size + services.size + claims.size > 0) return 'ready'
  run.deps.conversation.tell({ say: 'note', text: 'Nothing of this exercise is on the cluster now.' })
  const choice = await chooseOr('', run, [
    { key: '', text: 'put the broken system up again' },
    { key: 'b', text: 'back to the step before' },
    { key: 'q', text: 'quit' },
  ])
  if (choice === 'b') return 'back'
  if (choice === 'q') return 'quit'
  await catchUp(run, step)
  return 'ready'
}

class Repair {
  readonly #run: LabRun
  readonly #step: LabStep
  readonly #goal: Fixed
  readonly #rest: RestWatch
  /** What applied when the student was last told: said again only after something else did. */
  #advised: LabAdvice | null = null
  readonly #said = new Set<LabAdvice>()
  /** Up to where the student was told what was seen. */
  #toldUpTo = 0

  constructor(run: LabRun, step: LabStep, goal: Fixed, rest: RestWatch) {
    this.#run = run
    this.#step = step
    this.#goal = goal
    this.#rest = rest
  }

  /** Nobody there: our solution (or, in a test of the lab, a wrong one), then the judgement. */
  async alone(): Promise<StepEnd> {
    const { clock, conversation, signal } = this.#run.deps
    const { action, timeoutSeconds } = this.#step
    this.#phase('begin', null)
    if (action !== null) {
      conversation.tell({ say: 'doing', commands: commandsFor(action, this.#run.commands()) })
      await perform(action, this.#run.action(timeoutSeconds * 1000))
    }
    const deadlineMs = clock.monotonicMs() + timeoutSeconds * 1000
    const judged = await whileShown(this.#run, this.#step.title, async () => {
      for (;;) {
        const awaited = await this.#awaitRest(deadlineMs)
        throwIfInterrupted(signal)
        const verdicts = await this.#judge(awaited, this.#rest.changes())
        if (verdicts !== 'changed') return { verdicts, reached: awaited.outcome === 'reached' }
      }
    })
    await rememberCreated(this.#run)
    const verdicts = await tellCheckpoint(this.#run, this.#step, judged.verdicts, judged.reached)
    return { end: 'done', verdicts, reached: judged.reached }
  }

  #awaitRest(deadlineMs: number): Promise<Awaited> {
    const context = this.#run.goal(this.#run.podsNow())
    const timeoutMs = Math.max(0, deadlineMs - this.#run.deps.clock.monotonicMs())
    return awaitProgress(this.#run, () => this.#settled(judgeGoal(this.#goal, context())), timeoutMs)
  }

  /** With nobody there, a set at rest that is not as asked will not become so. */
  #settled(progress: Progress): Progress {
    if (!this.#rest.isAtRest()) return { done: false, reason: 'the cluster to come to rest' }
    if (progress.done || progress.hopeless !== undefined) return progress
    const { statefulsets } = this.#run.sitting.session.state
    const set = statefulsets.get(this.#run.statefulSet)
    if (this.#goal.replicas === null) return progress
    return set === undefined || set.replicas !== this.#goal.replicas
      ? { ...progress, hopeless: progress.reason }
      : progress
  }

  async withStudent(): Promise<StepEnd> {
    const { conversation, signal } = this.#run.deps
    const { timeline } = this.#run.sitting.session
    this.#toldUpTo = timeline.observations.length
    // What is so from the start gives the exercise away: it is said when a hint is asked for.
    this.#advised = this.#advice()
    this.#phase('begin', null)
    // In a later sitting it may have been mended meanwhile; right after the symptom was shown it was not.
    let look = !wasBrokenHere(timeline.observations)
    let asked = false
    for (;;) {
      const seen = this.#rest.changes()
      const missing = this.#missing()
      if (look && missing === null) {
        const end = await this.#lookForStudent(seen)
        if (end !== null) return end
      } else if (asked) conversation.tell({ say: 'note', text: `Not judged yet: ${missing ?? ''}.` })
      this.#advise()
      const choice = await this.#prompt(seen)
      throwIfInterrupted(signal)
      look = choice === null || choice === ''
      asked = choice === ''
      this.#tellNews()
      if (choice === 'h') await this.#hint()
      else if (choice === 'r') await this.#reset()
      else if (choice === 'b') return { end: 'back' }
      else if (choice === 'n') return { end: 'skip' }
      else if (choice === 'q') return { end: 'quit' }
    }
  }

  /** Judges; null when it is not mended yet. */
  async #lookForStudent(seen: number): Promise<StepEnd | null> {
    const { conversation } = this.#run.deps
    const verdicts = await whileShown(this.#run, this.#step.title, () =>
      this.#judge({ outcome: 'reached', reason: null }, seen),
    )
    await rememberCreated(this.#run)
    if (verdicts === 'changed') return null
    if (!verdicts.every(({ verdict }) => verdict === 'pass')) {
      this.#phase('begin', null)
      conversation.tell({
        say: 'unfixed',
        verdicts: verdicts.filter(({ verdict }) => verdict !== 'pass'),
      })
      return null
    }
    await tellCheckpoint(this.#run, this.#step, verdicts, true)
    await this.#run.record(this.#step, verdicts)
    const next = await askQuestions(this.#run, this.#step)
    return next === 'quit' ? { end: 'quit' } : { end: 'done', verdicts, reached: true }
  }

  /**
   * Reads anew and judges. What was read counts only if nothing changed meanwhile.
   * @param changes how many there were when the set was seen to be up.
   * @returns 'changed' when there are more now.
   */
  async #judge(awaited: Awaited, changes: number): Promise<readonly StepVerdict[] | 'changed'> {
    const run = this.#run
    const isUp = awaited.outcome === 'reached'
    this.#phase('end', awaited)
    // Where it is not up, the window stays empty: nothing may pass by what was read before.
    await gatherAtRest(run, isUp ? this.#step.after : [])
    throwIfInterrupted(run.deps.signal)
    if (isUp && (this.#rest.changes() !== changes || this.#missing() !== null)) {
      this.#phase('begin', null)
      return 'changed'
    }
    return judgeStep(run, this.#step, awaited)
  }

  /** The window in which the criteria look for what the repair did. */
  #phase(boundary: 'begin' | 'end', awaited: Awaited | null): void {
    const { phase } = this.#step
    if (phase === null) return
    const { outcome = null, reason = null } = awaited ?? {}
    this.#run.sitting.session.timeline.append({
      stream: 'run',
      type: 'phase',
      phase,
      boundary,
      outcome,
      reason,
    })
  }

  /** @returns the student's key; null when the cluster has come to rest with something new to say or to judge. */
  async #prompt(seen: number): Promise<string | null> {
    const { conversation, signal } = this.#run.deps
    const noticing = new AbortController()
    const ended = AbortSignal.any([signal, noticing.signal])
    const watching = this.#rest.next(
      seen,
      () => this.#missing() === null || this.#advice() !== this.#advised,
      ended,
    )
    const noticed = watching.then((atRest) => {
      if (atRest) noticing.abort()
    })
    try {
      return await conversation.choose(
        [
          { key: '', text: 'judge it now (mend it in another terminal: it will be noticed)' },
          ...(this.#step.hints.length > 0 ? [{ key: 'h', text: 'hint' }] : []),
          { key: 'r', text: 'break it again' },
          { key: 'b', text: 'back' },
          { key: 'n', text: 'skip' },
          { key: 'q', text: 'quit' },
        ],
        ended,
      )
    } finally {
      noticing.abort()
      await noticed
    }
  }

  /** What is missing of as many pods as asked, all ready: only then is a judgement worth its readings. */
  #missing(): string | null {
    const { statefulSet, sitting } = this.#run
    const set = sitting.session.state.statefulsets.get(statefulSet)
    if (set !== undefined && set.deletionTimestamp !== null)
      return `StatefulSet ${statefulSet} is being deleted`
    const progress = judgeGoal(this.#goal, this.#run.goal(new Map())())
    return progress.done ? null : progress.reason
  }

  #advice(): LabAdvice | null {
    return adviceFor(this.#step.advice, this.#run.sitting.session.state, this.#run.statefulSet)
  }

  /** Says what applies to the state of the cluster, when that is something new. */
  #advise(): void {
    const advice = this.#advice()
    if (advice === this.#advised) return
    this.#advised = advice
    if (advice !== null) this.#say(advice)
  }

  #say(advice: LabAdvice): void {
    this.#said.add(advice)
    const { lab, namespace, deps } = this.#run
    const flag = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
    deps.conversation.tell({
      say: 'advice',
      text: fill(advice.say, { namespace }),
      reset: advice.hopeless ? `sts-lab reset ${lab.id}${flag}` : null,
    })
  }

  #tellNews(): void {
    const { observations } = this.#run.sitting.session.timeline
    const news = newsSince(observations, this.#toldUpTo)
    this.#toldUpTo = observations.length
    if (news !== null) this.#run.deps.conversation.tell({ say: 'noticed', text: news })
  }

  /** What fits the state of the cluster first; then the ladder. */
  async #hint(): Promise<void> {
    const advice = this.#advice()
    if (advice !== null && !this.#said.has(advice)) this.#say(advice)
    else await giveHint(this.#run, this.#step)
  }

  async #reset(): Promise<void> {
    const run = this.#run
    const { cluster, clock, signal } = run.deps
    const choice = await chooseOr('', run, [
      { key: '', text: 'no, go on' },
      { key: 'y', text: 'yes: remove all of it, with its data, and put the broken system up again' },
    ])
    if (choice !== 'y') return
    const { lab, namespace, known } = run
    const setting = { cluster, clock, lab, namespace, known, manifests: run.manifests(), signal }
    await whileShown(run, 'Removing it', () => clearLab(setting))
    const first = brokenBy(lab.steps)
    if (first !== null) await redo(run, first)
    this.#toldUpTo = run.sitting.session.timeline.observations.length
    this.#advised = this.#advice()
  }
}

/** The broken state was put up, or looked at, in this sitting. */
const wasBrokenHere = (observations: readonly Observation[]): boolean =>
  observations.some(
    (each) =>
      (each.type === 'action' && each.action.do === 'apply') ||
      (each.type === 'phase' && each.phase === 'baseline'),
  )
