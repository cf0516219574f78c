import type { Lab, LabAction } from './lab.ts'

/** An action as the single ones it consists of, however deep `several` goes. null: none. */
export function partsOf(action: LabAction | null): readonly LabAction[] {
  if (action === null) return []
  return action.do === 'several' ? action.actions.flatMap(partsOf) : [action]
}

/**
 * Every file of manifests/<lab id>/ that the lab may put on a cluster as it is: by its steps, as its solution, and
 * by its wrong solutions. Each once, in that order. (A file with blanks is no manifest until it is filled.)
 */
export function manifestsOf(lab: Lab): readonly string[] {
  const actions = [
    ...lab.steps.map(({ action }) => action),
    ...lab.wrong.flatMap(({ instead }) => Object.values(instead)),
  ]
  const applied = actions
    .flatMap(partsOf)
    .flatMap((action) => (action.do === 'apply' ? action.manifests : []))
  return [...new Set([...applied, ...lab.solution])]
}
