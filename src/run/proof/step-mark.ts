import type { ActionMark, Observation } from '../../timeline/observation.ts'

const SAYS = 'step '

/** Stands in the recording of a play where a step of the lab begins. */
export const stepMark = (step: string): Omit<ActionMark, 'seq' | 'at'> => ({
  stream: 'run',
  type: 'action',
  action: { do: 'other', what: `${SAYS}${step}` },
})

/** The step that begins here; null: none does. */
export const stepBegun = (observation: Observation): string | null =>
  observation.type === 'action' &&
  observation.action.do === 'other' &&
  observation.action.what.startsWith(SAYS)
    ? observation.action.what.slice(SAYS.length)
    : null
