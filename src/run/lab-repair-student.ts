import type { LabAdvice } from '../lab/condition.ts'
import type { Observation } from '../timeline/observation.ts'
import { throwIfInterrupted } from './await-state.ts'
import { adviceFor } from './condition.ts'
import { rememberBroken } from './lab-broken.ts'
import { redo } from './lab-catch-up.ts'
import { tellCheckpoint } from './lab-claims.ts'
import { fill } from './lab-commands.ts'
import { rememberCreated } from './lab-created.ts'
import { giveHint } from './lab-hint.ts'
import { askQuestions, chooseOr } from './lab-prompt.ts'
import { judgeRepair, markPhase, type Repair, whatIsMissing } from './lab-repair-judge.ts'
import { newsSince } from './lab-repair-news.ts'
import { brokenBy, clearLab } from './lab-reset.ts'
import type { StepEnd } from './lab-step.ts'
import { whileShown } from './lab-wait.ts'

/** How long what could not be told is left alone: twice as long each time, up to sixteen times. */
const AGAIN_MS = 10_000

/** A student at a repair: what they were told already, and what is new. */
export class RepairingStudent {
  readonly #repair: Repair
  /** What applied when the student was last told: said again only after something else did. */
  #advised: LabAdvice | null = null
  /** Nothing failed in the last judgements, and not all could be told: how many of them were the same. */
  #undecided = 0
  /** The last judgement, and after how many changes. */
  #judged = ''
  readonly #said = new Set<LabAdvice>()
  /** Up to where the student was told what was seen. */
  #toldUpTo = 0

  constructor(repair: Repair) {
    this.#repair = repair
  }

  /** Judges at each rest after a change, and on Enter, until it is mended or the student goes elsewhere. */
  async mend(): Promise<StepEnd> {
    const { conversation, signal } = this.#repair.run.deps
    const { timeline } = this.#repair.run.sitting.session
    this.#toldUpTo = timeline.observations.length
    // What is so from the start gives the exercise away: it is said when a hint is asked for.
    this.#advised = this.#advice()
    markPhase(this.#repair, 'begin')
    // In a later sitting it may have been mended meanwhile; right after the symptom was shown it was not.
    let look = !wasBrokenHere(timeline.observations)
    let asked = false
    for (;;) {
      const seen = this.#repair.rest.changes()
      const missing = whatIsMissing(this.#repair)
      if (look && missing === null) {
        const end = await this.#lookForStudent(seen, asked)
        if (end !== null) return end
      } else if (asked) conversation.tell({ say: 'note', text: `Not judged yet: ${missing ?? ''}.` })
      this.#advise()
      const choice = await this.#prompt(seen)
      throwIfInterrupted(signal)
      look = choice === null || choice === ''
      asked = choice === ''
      this.#tellNews()
      if (choice === 'h') await this.#hint()
      else if (choice === 'r') {
        const end = await this.#reset()
        if (end !== null) return end
      } else if (choice === 'b') return { end: 'back' }
      else if (choice === 'n') return { end: 'skip' }
      else if (choice === 'q') return { end: 'quit' }
    }
  }

  /** Judges; null when it is not mended yet. */
  async #lookForStudent(seen: number, asked: boolean): Promise<StepEnd | null> {
    const { conversation } = this.#repair.run.deps
    const verdicts = await whileShown(this.#repair.run, this.#repair.step.title, () =>
      judgeRepair(this.#repair, { outcome: 'reached', reason: null }, seen),
    )
    await rememberCreated(this.#repair.run)
    if (verdicts === 'changed') return null
    const judged = JSON.stringify([seen, verdicts.map(({ id, verdict, reason }) => [id, verdict, reason])])
    const isNews = judged !== this.#judged
    this.#judged = judged
    this.#undecided = verdicts.some(({ verdict }) => verdict === 'fail')
      ? 0
      : isNews
        ? 1
        : this.#undecided + 1
    if (!verdicts.every(({ verdict }) => verdict === 'pass')) {
      markPhase(this.#repair, 'begin')
      // Looked at again and again without anybody asking, the same is said once.
      if (this.#undecided > 1 && !asked) return null
      conversation.tell({
        say: 'unfixed',
        verdicts: verdicts.filter(({ verdict }) => verdict !== 'pass'),
      })
      // A try that came to nothing deserves a word, also where it left all as it was.
      const advice = this.#advice()
      if (advice !== null && !this.#said.has(advice)) this.#say(advice)
      this.#advised = advice
      return null
    }
    await tellCheckpoint(this.#repair.run, this.#repair.step, verdicts, true)
    await this.#repair.run.record(this.#repair.step, verdicts)
    const next = await askQuestions(this.#repair.run, this.#repair.step)
    return next === 'quit' ? { end: 'quit' } : { end: 'done', verdicts, reached: true }
  }

  /** @returns the student's key; null when the cluster has come to rest with something new to say or to judge. */
  async #prompt(seen: number): Promise<string | null> {
    const { conversation, signal } = this.#repair.run.deps
    const noticing = new AbortController()
    const ended = AbortSignal.any([signal, noticing.signal])
    const watching = this.#repair.rest.next(
      seen,
      () => whatIsMissing(this.#repair) === null || this.#advice() !== this.#advised,
      ended,
    )
    const asking = this.#undecided > 0 ? this.#whileUndecided(ended) : Promise.resolve(false)
    const noticed = Promise.all(
      [watching, asking].map(async (news) => {
        if (await news) noticing.abort()
      }),
    )
    try {
      return await conversation.choose(
        [
          { key: '', text: 'judge it now (mend it in another terminal: it will be noticed)' },
          ...(this.#repair.step.hints.length > 0 ? [{ key: 'h', text: 'hint' }] : []),
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

  /** What could not be told (DNS was silent, a pod could not be reached) is looked at again, though nothing changes. */
  async #whileUndecided(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#repair.run.deps.clock.sleep(AGAIN_MS * 2 ** Math.min(4, this.#undecided - 1), signal)
      return true
    } catch (error) {
      if (!signal.aborted) throw error
      return false
    }
  }

  #advice(): LabAdvice | null {
    return adviceFor(
      this.#repair.step.advice,
      this.#repair.run.sitting.session.state,
      this.#repair.run.statefulSet,
    )
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
    const { lab, namespace, deps } = this.#repair.run
    const flag = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
    deps.conversation.tell({
      say: 'advice',
      text: fill(advice.say, { namespace }),
      reset: advice.hopeless ? `sts-lab reset ${lab.id}${flag}` : null,
    })
  }

  #tellNews(): void {
    const { observations } = this.#repair.run.sitting.session.timeline
    const news = newsSince(observations, this.#toldUpTo, this.#repair.run.statefulSet)
    this.#toldUpTo = observations.length
    if (news !== null) this.#repair.run.deps.conversation.tell({ say: 'noticed', text: news })
  }

  /** What fits the state of the cluster first; then the ladder. */
  async #hint(): Promise<void> {
    const advice = this.#advice()
    if (advice !== null && !this.#said.has(advice)) this.#say(advice)
    else await giveHint(this.#repair.run, this.#repair.step)
  }

  /**
   * Removes all and puts the broken system up again. What was recorded until now is of another life of it, so that a
   * new recording has to begin: with the step before, which shows the symptom again.
   */
  async #reset(): Promise<StepEnd | null> {
    const { run } = this.#repair
    const { cluster, clock, signal } = run.deps
    const choice = await chooseOr('', run, [
      { key: '', text: 'no, go on' },
      { key: 'y', text: 'yes: remove all of it, with its data, and put the broken system up again' },
    ])
    if (choice !== 'y') return null
    const { lab, namespace, known } = run
    const setting = { cluster, clock, lab, namespace, known, manifests: run.manifests(), signal }
    await whileShown(run, 'Removing it', () => clearLab(setting))
    const first = brokenBy(lab.steps)
    if (first !== null) await redo(run, first)
    await rememberBroken(run)
    return { end: 'back' }
  }
}

/** The broken state was put up, or looked at, in this sitting. */
const wasBrokenHere = (observations: readonly Observation[]): boolean =>
  observations.some(
    (each) =>
      (each.type === 'action' && each.action.do === 'apply') ||
      (each.type === 'phase' && each.phase === 'baseline'),
  )
