import type { Lab, LabAction, LabStep, WrongSolution } from '../../lab/lab.ts'

/** One way through a lab, as it is to be played. */
export interface Play {
  readonly play: 'unsolved' | 'solution' | 'wrong'
  readonly id: string
  readonly title: string
  /** The lab with what is done differently. */
  readonly lab: Lab
  /** Folder of the lab's manifests whose files take the place of the lab's own; null: none. */
  readonly overlay: string | null
  /** Something is broken first, so there is something to see where nothing is done about it. */
  readonly broken: boolean
  readonly fails: readonly string[]
  /** What fails besides on some clusters. */
  readonly mayFail: readonly string[]
}

/** The longest wait for a step's goal where a mistake may keep it from ever coming. */
const WRONG_TIMEOUT_SECONDS = 120

/** The longest wait for a broken system to be at rest. */
const UNTOUCHED_TIMEOUT_SECONDS = 30

/** Every way through a lab that proves something about it. */
export const playsOf = (lab: Lab): readonly Play[] => [
  unsolved(lab),
  {
    play: 'solution',
    id: 'solution',
    title: 'the solution passes',
    lab,
    overlay: null,
    broken: false,
    fails: [],
    mayFail: [],
  },
  ...lab.wrong.map((wrong): Play => {
    const { id, title, manifests, fails, mayFail } = wrong
    return {
      play: 'wrong',
      id,
      title,
      lab: withMistake(lab, wrong),
      overlay: manifests,
      broken: false,
      fails,
      mayFail,
    }
  }),
]

/**
 * Of a repair, the broken system is put up and left as it is: of what the
 * repair asks for, exactly the symptoms that the lab shows have to fail.
 */
function unsolved(lab: Lab): Play {
  const repair = lab.steps.findIndex(({ until }) => until?.see === 'fixed')
  const play = { play: 'unsolved', id: 'unsolved', overlay: null, mayFail: [] } as const
  if (repair < 0)
    return { ...play, title: 'nothing passes where nothing is done', lab, broken: false, fails: [] }
  const steps = lab.steps
    .slice(0, repair + 1)
    .map((step, index) => (index === repair ? untouched(step) : step))
  const asked = steps.at(-1)?.checks ?? []
  const fails = [...new Set(steps.flatMap(({ shows }) => shows))].filter((id) => asked.includes(id))
  return { ...play, title: 'unmended, the repair does not pass', lab: { ...lab, steps }, broken: true, fails }
}

/** What is broken and at rest stays as it is: nothing is to be waited for. */
const untouched = (step: LabStep): LabStep => ({
  ...step,
  action: null,
  timeoutSeconds: Math.min(step.timeoutSeconds, UNTOUCHED_TIMEOUT_SECONDS),
})

/** The lab as somebody does it who makes that mistake, up to where it has shown. */
function withMistake(lab: Lab, wrong: WrongSolution): Lab {
  const last = wrong.upTo === null ? lab.steps.length : lab.steps.findIndex(({ id }) => id === wrong.upTo) + 1
  return { ...lab, steps: lab.steps.slice(0, last).map((step) => mistaken(step, wrong)) }
}

function mistaken(step: LabStep, { instead, fills }: WrongSolution): LabStep {
  const action = instead[step.id] ?? step.action
  return {
    ...step,
    action: action === null ? null : filledWrong(action, fills),
    timeoutSeconds: Math.min(step.timeoutSeconds, WRONG_TIMEOUT_SECONDS),
  }
}

/** An unattended run fills in what the lab gives as the solution; what it accepts stays as it is. */
function filledWrong(action: LabAction, fills: WrongSolution['fills']): LabAction {
  switch (action.do) {
    case 'fill':
      return {
        ...action,
        blanks: action.blanks.map((blank) => ({ ...blank, solution: fills[blank.id] ?? blank.solution })),
      }
    case 'several':
      return { ...action, actions: action.actions.map((each) => filledWrong(each, fills)) }
    default:
      return action
  }
}
