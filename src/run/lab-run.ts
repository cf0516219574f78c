import type { Lab, LabStep } from '../lab/lab.ts'
import { fillStep, type PlaceholderValues, placeholderValues } from '../lab/placeholders.ts'
import type { Clock, Cluster, ManifestDocument } from '../ports.ts'
import { expectedPodNames } from '../timeline/state.ts'
import type { Timeline } from '../timeline/timeline.ts'
import type { GivenAnswer } from './ask-question.ts'
import type { Conversation } from './conversation.ts'
import { createDiagnosis } from './diagnose.ts'
import type { FillTools } from './fill-tools.ts'
import type { ActionSetting } from './lab-action.ts'
import type { CommandSetting } from './lab-commands.ts'
import { type FileWatch, watchFiles } from './lab-file.ts'
import { type FillSetting, filledDocuments, requireTools, textToApply } from './lab-fill-files.ts'
import type { GoalContext } from './lab-goal.ts'
import type { LabLock } from './lab-lock.ts'
import type { ManifestSetting } from './lab-manifests.ts'
import { LAB_LABEL } from './lab-ownership.ts'
import { openSitting, type Sitting } from './lab-sitting.ts'
import type { StepVerdict } from './lab-verdict.ts'
import { awaitWithin } from './lab-wait.ts'
import { othersIn } from './namespace-contents.ts'
import { type NamespaceWatch, watchNamespace } from './namespace-watch.ts'
import {
  type LabProgress,
  type ProgressStore,
  progressFor,
  stepDone,
  withAnswer,
  withCreated,
  withoutRuns,
  withRun,
} from './progress.ts'

/** What running a lab needs of the world. */
export interface LabDependencies {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly conversation: Conversation
  readonly progress: ProgressStore
  readonly loadManifest: (file: string) => Promise<readonly ManifestDocument[]>
  /** The folder of this lab's manifests, and as a student would type it. */
  readonly manifests: string
  readonly manifestsShown: string
  readonly newRunId: () => string
  readonly probeImage: string
  readonly signal: AbortSignal
  /** What kubectl lines have to say to mean the same cluster; null: it is what kubectl takes by itself. */
  readonly context: string | null
  readonly kubeconfig: string | null
  /** Against a second run in the same namespace; absent: the caller knows that there is none. */
  readonly lock?: LabLock
  /** What files with blanks need; absent: the lab has none. */
  readonly fill?: FillTools
  /** Hears of a recording when it has begun. */
  readonly recorded?: (timeline: Timeline) => void
}

export interface LabOptions {
  readonly namespace: string
  /** Step to begin with; null: where progress says. */
  readonly from: string | null
}

/** A lab while it is being run: what its steps share. */
export class LabRun {
  readonly lab: Lab
  readonly statefulSet: string
  readonly namespace: string
  readonly deps: LabDependencies
  readonly namespaceWatch: NamespaceWatch
  readonly fileWatch: FileWatch
  /** UIDs of unlabelled objects that are the lab's. */
  readonly known: Set<string>
  /** What appears now was made for the lab. */
  namespaceMissingAtStart = false
  /** Hears what is being waited for. */
  waiting: (reason: string | null) => void = () => {}
  #sitting: Sitting | null = null
  #answers: LabProgress['answers'] = {}

  constructor(lab: Lab, namespace: string, deps: LabDependencies, known: readonly string[]) {
    this.lab = lab
    this.statefulSet = lab.statefulSet ?? ''
    this.namespace = namespace
    this.deps = deps
    this.known = new Set(known)
    this.namespaceWatch = watchNamespace(deps.cluster, deps.clock, namespace)
    this.fileWatch = watchFiles(() => this.sitting.session, this.statefulSet)
    this.placeholders = valuesFor(lab, namespace, null)
  }

  get sitting(): Sitting {
    if (this.#sitting === null) throw new Error('a step ran before its recording was opened')
    return this.#sitting
  }

  /** Begins a recording; an earlier one ends. */
  async open(): Promise<void> {
    await this.close()
    const { cluster, clock, newRunId, probeImage, progress, signal } = this.deps
    const runId = newRunId()
    await progress.change((kept) => withRun(progressFor(this.lab, this.namespace, kept, clock.now()), runId))
    this.#sitting = await openSitting({
      cluster,
      clock,
      namespace: this.namespace,
      statefulSet: this.statefulSet,
      runId,
      probeImage,
      signal,
      tell: (reason) => this.waiting(reason),
    })
    this.deps.recorded?.(this.#sitting.session.timeline)
  }

  /** Ends the recording and removes the helpers, also after an interruption. */
  async close(): Promise<void> {
    const sitting = this.#sitting
    this.#sitting = null
    if (sitting === null) return
    await sitting.close(AbortSignal.timeout(CLEANUP_MS))
    const { clock, progress } = this.deps
    const { runId } = sitting.session
    await progress.change((kept) =>
      withoutRuns(progressFor(this.lab, this.namespace, kept, clock.now()), [runId]),
    )
  }

  /** What somebody else has in the namespace: with it, the namespace is not deleted either. */
  others: readonly string[] = []

  async lookForOthers(): Promise<void> {
    const owner = { lab: this.lab.id, statefulSet: this.statefulSet, known: this.known }
    this.others = await othersIn(this.deps.cluster, this.namespace, owner, this.deps.signal)
  }

  /** The namespace is somebody else's, or used by somebody else: never labelled, never deleted. */
  get keepNamespace(): boolean {
    if (this.others.length > 0) return true
    const uid = this.namespaceWatch.uid()
    if (uid === null) return false
    return this.namespaceWatch.label(LAB_LABEL) === null && !this.known.has(uid)
  }

  /** Keeps in progress that these belong to the lab. */
  async remember(uids: readonly string[]): Promise<void> {
    const { clock, progress } = this.deps
    await progress.change((kept) =>
      withCreated(progressFor(this.lab, this.namespace, kept, clock.now()), uids),
    )
  }

  /** Keeps in progress that a step is done. */
  async record(step: LabStep, verdicts: readonly StepVerdict[]): Promise<void> {
    const { clock, progress } = this.deps
    await progress.change((kept) =>
      stepDone(
        progressFor(this.lab, this.namespace, kept, clock.now()),
        this.lab,
        step.id,
        verdicts,
        clock.now(),
      ),
    )
  }

  /** Keeps in progress what was answered. */
  async keepAnswer(key: string, { typed, judged }: GivenAnswer): Promise<void> {
    const { clock, progress } = this.deps
    const { right, found, missed } = judged
    const answer = { text: typed, at: clock.now().toISOString(), right, found, missed }
    await progress.change((kept) =>
      withAnswer(progressFor(this.lab, this.namespace, kept, clock.now()), key, answer),
    )
  }

  /** What the broken system of an exercise had when its symptom was shown. */
  broken: LabProgress['broken'] = null

  /** What `{namespace}` and `{blank.<id>}` mean: of a blank, what the student wrote when it was last looked up. */
  placeholders: PlaceholderValues

  async lookUpPlaceholders(): Promise<void> {
    const kept = await this.deps.progress.read()
    this.placeholders = valuesFor(this.lab, this.namespace, kept)
    this.#answers = kept?.answers ?? {}
    this.broken = kept?.broken ?? null
  }

  /** A step with its placeholders filled in. */
  step(id: string): LabStep {
    const step = this.lab.steps.find((each) => each.id === id)
    if (step === undefined) throw new Error(`lab ${this.lab.id} has no step ${id}`)
    return fillStep(step, this.placeholders)
  }

  /** Changes what is kept of this lab in this namespace. */
  change(how: (progress: LabProgress) => LabProgress): Promise<LabProgress> {
    const { clock, progress } = this.deps
    return progress.change((kept) => how(progressFor(this.lab, this.namespace, kept, clock.now())))
  }

  /** What files with blanks are read and judged with. */
  fill(): FillSetting {
    return {
      lab: this.lab,
      tools: requireTools(this.deps.fill),
      manifests: this.manifests(),
      applied: (blank) => this.#answers[`fill/${blank}`]?.text,
    }
  }

  manifests(): ManifestSetting {
    return {
      load: this.deps.loadManifest,
      folder: this.deps.manifests,
      labNamespace: this.lab.namespace,
      namespace: this.namespace,
    }
  }

  /** @param timeoutMs the deadline of each wait within an action. */
  action(timeoutMs = ACTION_MS): ActionSetting {
    return {
      wait: (goal) => awaitWithin(this, goal, timeoutMs),
      session: this.sitting.session,
      lab: this.lab.id,
      statefulSet: this.statefulSet,
      known: this.known,
      keepNamespace: this.keepNamespace,
      manifests: this.manifests(),
      filled: async (action) => {
        const setting = this.fill()
        const { text, own } = await textToApply(setting, action)
        if (!own && setting.tools.student !== null)
          this.deps.conversation.tell({
            say: 'note',
            text: `Your ${action.file} is not right yet, so ours is applied. Yours stays as it is.`,
          })
        return filledDocuments(setting, action, text)
      },
    }
  }

  /** Made anew for each wait: a diagnosis remembers when each trouble began. */
  goal(podsAtStart: ReadonlyMap<string, string>): () => GoalContext {
    const { session } = this.sitting
    const diagnose = createDiagnosis(session)
    const setWasThere = session.state.statefulsets.has(this.statefulSet)
    return () => ({
      setWasThere,
      state: session.state,
      statefulSet: this.statefulSet,
      namespace: this.namespaceWatch.state(),
      keepNamespace: this.keepNamespace,
      podsAtStart,
      diagnose,
      fileIn: this.fileWatch.seen,
    })
  }

  commands(): CommandSetting {
    const student = this.deps.fill?.student
    const set = this.#sitting?.session.state.statefulsets.get(this.statefulSet)
    return {
      pods: set === undefined ? [] : expectedPodNames(set),
      namespace: this.namespace,
      labNamespace: this.lab.namespace,
      statefulSet: this.statefulSet,
      manifests: this.deps.manifestsShown,
      context: this.deps.context,
      kubeconfig: this.deps.kubeconfig,
      keepNamespace: this.keepNamespace,
      ...(student === undefined || student === null ? {} : { studentFolder: student.shown }),
    }
  }

  podsNow(): ReadonlyMap<string, string> {
    return new Map([...this.sitting.session.state.pods.values()].map(({ name, uid }) => [name, uid]))
  }
}

const valuesFor = (lab: Lab, namespace: string, kept: LabProgress | null): PlaceholderValues =>
  placeholderValues(lab, namespace, (blank) => kept?.answers[`fill/${blank}`]?.text)

/** What an action may wait for something in between. */
const ACTION_MS = 300_000

/** What clean-up may take: removing tokens, ending helper pods. */
const CLEANUP_MS = 15_000
