import { LabError } from '../errors.ts'
import type { FillJudgement } from '../lab/blanks/judge-fill.ts'
import type { LabStep } from '../lab/lab.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { FillTools, StudentFolder } from './fill-tools.ts'
import { perform } from './lab-action.ts'
import { commandsFor } from './lab-commands.ts'
import { type FillAction, fillActions, judgeText, standIn, templateText } from './lab-fill-files.ts'
import { hintForBlank } from './lab-fill-hint.ts'
import { newsOf } from './lab-fill-news.ts'
import { askBlank } from './lab-fill-prompt.ts'
import type { LabRun } from './lab-run.ts'
import type { StepVerdict } from './lab-verdict.ts'
import { withAnswer } from './progress.ts'

/** `rejected`: with nobody there to correct it, a wrong file is not applied. */
export type FillEnd = 'begun' | 'back' | 'skip' | 'quit' | { readonly rejected: readonly StepVerdict[] }

/**
 * A file with blanks, until it is right and applied: hands it out, judges it each time it is saved, and tells what is
 * news. With nobody there, our own solution is judged and applied, and no file is written.
 */
export async function beginFill(run: LabRun, step: LabStep, action: FillAction): Promise<FillEnd> {
  const { tools } = run.fill()
  const { student } = tools
  if (student === null || !run.deps.conversation.interactive) return fillUnattended(run, step, action)
  await handOut(run, student)
  const fresh = (await student.read(action.file)) === (await templateText(run.fill(), action.file))
  await keepFolder(run, student)
  return new Filling(run, step, action, student, tools).untilApplied(fresh)
}

async function fillUnattended(run: LabRun, step: LabStep, action: FillAction): Promise<FillEnd> {
  const judgement = await judgeText(run.fill(), action, await standIn(run.fill(), action))
  if (!judgement.right) return { rejected: verdictsOf(step, judgement) }
  await apply(run, action)
  return 'begun'
}

/** Every file of the lab, so that one sees what is to come. What is there already stays as it is. */
async function handOut(run: LabRun, student: StudentFolder): Promise<void> {
  for (const { file } of fillActions(run.lab))
    await student.create(file, await templateText(run.fill(), file))
}

async function keepFolder(run: LabRun, { path }: StudentFolder): Promise<void> {
  await run.change((progress) => (progress.folder === path ? progress : { ...progress, folder: path }))
}

async function apply(run: LabRun, action: FillAction): Promise<void> {
  run.deps.conversation.tell({ say: 'doing', commands: commandsFor(action, run.commands()) })
  await perform(action, run.action())
}

/** One file being filled. */
class Filling {
  readonly #run: LabRun
  readonly #step: LabStep
  readonly #action: FillAction
  readonly #student: StudentFolder
  readonly #prompt: boolean
  /** What was read and told last; undefined: nothing yet. */
  #text: string | null | undefined
  #told: FillJudgement | null = null

  constructor(run: LabRun, step: LabStep, action: FillAction, student: StudentFolder, tools: FillTools) {
    this.#run = run
    this.#step = step
    this.#action = action
    this.#student = student
    this.#prompt = tools.prompt
  }

  async untilApplied(fresh: boolean): Promise<Exclude<FillEnd, object>> {
    const { conversation, signal } = this.#run.deps
    const file = this.#action.file
    for (let first = true; ; first = false) {
      const saved = new AbortController()
      // Watched before it is read, so that nothing is missed in between. Editors write other files beside it.
      const watched = this.#student.watch(() => {
        this.#student.read(file).then(
          (text) => text !== this.#text && saved.abort(),
          () => saved.abort(),
        )
      }, saved.signal)
      try {
        const how = this.#prompt ? 'asked' : watched ? 'watched' : 'on-enter'
        if (first) conversation.tell({ say: 'handed-out', file: this.#shown, fresh, how })
        const judgement = await this.#look(first)
        if (judgement?.right && (await this.#applied(judgement))) return 'begun'
        const askable = this.#prompt && judgement !== null && judgement.mistake === null && !judgement.right
        const end =
          askable && judgement.blanks.some(({ verdict }) => verdict !== 'right')
            ? await askBlank(this.#run, this.#step, this.#action, this.#student, judgement)
            : await this.#choose(judgement, AbortSignal.any([signal, saved.signal]))
        throwIfInterrupted(signal)
        if (end !== 'on') return end
      } finally {
        saved.abort()
      }
    }
  }

  get #shown(): string {
    return `${this.#student.shown}/${this.#action.file}`
  }

  /** Reads and judges the file, and tells what is news. null: there is no file any more. */
  async #look(all: boolean): Promise<FillJudgement | null> {
    const { conversation } = this.#run.deps
    const text = await this.#student.read(this.#action.file)
    const same = text === this.#text
    this.#text = text
    if (text === null) {
      if (!same)
        conversation.tell({
          say: 'note',
          text: `${this.#shown} is not there any more. \`sts-lab reset ${this.#run.lab.id}\` gives it back.`,
        })
      this.#told = null
      return null
    }
    const judgement = await judgeText(this.#run.fill(), this.#action, text)
    const news = same && this.#told !== null ? null : newsOf(all ? null : this.#told, judgement, this.#shown)
    // Asked blank by blank, what is still open need not be listed.
    if (
      news !== null &&
      !(this.#prompt && all && judgement.blanks.every(({ verdict }) => verdict === 'open'))
    )
      conversation.tell(news)
    // While the file is not YAML, what was told of its blanks is still what was told last.
    this.#told =
      judgement.mistake === null ? judgement : { ...(this.#told ?? judgement), mistake: judgement.mistake }
    return judgement
  }

  /** Applies the file; what the API server has against it is the student's to correct. */
  async #applied(judgement: FillJudgement): Promise<boolean> {
    try {
      await apply(this.#run, this.#action)
    } catch (error) {
      if (!(error instanceof LabError) || error.kind !== 'usage' || error.code === 'not-ours') throw error
      this.#run.deps.conversation.tell({ say: 'refused', text: error.message })
      return false
    }
    const at = this.#run.deps.clock.now().toISOString()
    await this.#run.change((progress) =>
      judgement.blanks.reduce(
        (kept, { blank, value }) =>
          withAnswer(kept, `fill/${blank.id}`, {
            text: String(value),
            at,
            right: true,
            found: [],
            missed: [],
          }),
        progress,
      ),
    )
    await this.#run.lookUpPlaceholders()
    return true
  }

  /** Waits for the file to be saved, or for a key. */
  async #choose(
    judgement: FillJudgement | null,
    ended: AbortSignal,
  ): Promise<'on' | 'back' | 'skip' | 'quit'> {
    const choice = await this.#run.deps.conversation.choose(
      [
        { key: '', text: 'look again now' },
        { key: 'h', text: 'hint' },
        { key: 'b', text: 'back' },
        { key: 'n', text: 'skip' },
        { key: 'q', text: 'quit' },
      ],
      ended,
    )
    if (choice === 'b') return 'back'
    if (choice === 'n') return 'skip'
    if (choice === 'q') return 'quit'
    if (choice === 'h') await hintForBlank(this.#run, this.#step, judgement)
    // Asked for: everything that is not right is told once more.
    if (choice === '') this.#told = null
    return 'on'
  }
}

/** The blanks of a file that nobody is there to correct, as verdicts of the step. */
function verdictsOf(step: LabStep, { blanks, mistake, problems }: FillJudgement): StepVerdict[] {
  const verdicts: StepVerdict[] = blanks
    .filter(({ verdict }) => verdict !== 'right')
    .map(({ blank, value, reason }) => ({
      step: step.id,
      id: `blank/${blank.id}`,
      title: blank.ask,
      verdict: 'fail',
      reason: reason ?? 'it is not filled',
      expected: null,
      actual: value === null ? null : String(value),
      hint: blank.hints[0] ?? null,
    }))
  const whole = mistake ?? problems[0]
  if (whole !== undefined)
    verdicts.push({
      step: step.id,
      id: 'file',
      title: `${whole.file} can be applied`,
      verdict: 'fail',
      reason: `line ${whole.line}: ${whole.message}`,
      expected: null,
      actual: whole.text,
      hint: null,
    })
  return verdicts
}
