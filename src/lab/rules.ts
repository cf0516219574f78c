import type { DeletedObjects, Lab, LabAction, LabStep } from './lab.ts'
import type { Path } from './lab-text.ts'
import { thereIsNo } from './nearest.ts'

/** What a lab may refer to. */
export interface LabSurroundings {
  /** Ids of the criteria. */
  readonly criteria: readonly string[]
  /** Ids of the checks that only steps use. */
  readonly checks: readonly string[]
  /** Files of manifests/<lab id>/ by lab id. */
  readonly manifests: (labId: string) => readonly string[]
}

interface Broken {
  readonly path: Path
  readonly message: string
}

/** The rules that a shape cannot express: references that lead somewhere, and steps that can be judged. */
export function problemsOf(lab: Lab, surroundings: LabSurroundings): Broken[] {
  const problems: Broken[] = []
  lab.criteria.forEach((id, index) => {
    expectKnown(problems, ['criteria', index], 'criterion', id, surroundings.criteria)
  })
  if (lab.guidance === 'none' && lab.criteria.length === 0)
    problems.push({ path: ['guidance'], message: 'a lab without guidance needs criteria to be judged by' })
  if (lab.guidance === 'full' && lab.steps.length === 0)
    problems.push({ path: ['guidance'], message: 'a guided lab needs steps' })
  if (lab.steps.length > 0 && lab.statefulSet === null)
    problems.push({ path: ['id'], message: 'a lab with steps has to name its set: "statefulSet" is missing' })
  lab.steps.forEach((step, index) => {
    const path: Path = ['steps', index]
    const earlier = lab.steps.slice(0, index).map(({ id }) => id)
    if (earlier.includes(step.id))
      problems.push({ path: [...path, 'id'], message: `another step is already called "${step.id}"` })
    for (const key of ['needs', 'resumeFrom'] as const) {
      const id = step[key]
      if (id !== null) expectKnown(problems, [...path, key], 'earlier step', id, earlier)
    }
    expectStep(problems, path, step, lab, surroundings)
  })
  return problems
}

function expectStep(
  problems: Broken[],
  path: Path,
  step: LabStep,
  lab: Lab,
  surroundings: LabSurroundings,
): void {
  const checks = [...surroundings.criteria, ...surroundings.checks]
  step.checks.forEach((id, index) => {
    expectKnown(problems, [...path, 'checks', index], 'check', id, checks)
  })
  if (step.needs !== null && lab.steps.find(({ id }) => id === step.needs)?.until === null)
    problems.push({
      path: [...path, 'needs'],
      message: `step "${step.needs}" has no "until" that could hold`,
    })
  if (step.action !== null && step.until === null)
    problems.push({
      path: [...path, 'action'],
      message: 'an action needs an "until": what the watch has to show',
    })
  if (step.phase !== null && step.until === null)
    problems.push({ path: [...path, 'phase'], message: 'a phase needs an "until": it would never end' })
  step.shows.forEach((id, index) => {
    expectKnown(problems, [...path, 'shows', index], 'check', id, checks)
  })
  if (step.action !== null) expectAction(problems, [...path, 'action'], step.action, lab, surroundings)
  if (step.until?.see === 'gone') expectDeletable(problems, [...path, 'until'], step.until.objects)
  if (step.hints.length === 0 && step.action !== null)
    problems.push({ path: [...path, 'action'], message: 'a step that asks for something needs hints' })
}

function expectAction(
  problems: Broken[],
  path: Path,
  action: LabAction,
  lab: Lab,
  surroundings: LabSurroundings,
): void {
  switch (action.do) {
    case 'apply':
      action.manifests.forEach((file, index) => {
        const what = `file in manifests/${lab.id}/`
        expectKnown(problems, [...path, 'manifests', index], what, file, surroundings.manifests(lab.id))
      })
      return
    case 'delete':
      expectDeletable(problems, path, action.objects)
      return
    case 'several':
      action.actions.forEach((each, index) => {
        expectAction(problems, [...path, 'actions', index], each, lab, surroundings)
      })
      return
    case 'wait':
      if (action.until.see === 'fixed')
        problems.push({ path: [...path, 'until'], message: 'a wait is for what the watch can show' })
      return
  }
}

function expectDeletable(problems: Broken[], path: Path, objects: readonly DeletedObjects[]): void {
  objects.forEach(({ kind, name, selector }, index) => {
    const ways = Number(name !== null) + Number(selector !== null)
    if (kind === 'Namespace' ? ways === 0 : ways === 1) return
    const message =
      kind === 'Namespace'
        ? "only the lab's own namespace is ever deleted: leave out name and selector"
        : `a ${kind} is named by "name" or by "selector", one of the two`
    problems.push({ path: [...path, 'objects', index], message })
  })
}

function expectKnown(
  problems: Broken[],
  path: Path,
  what: string,
  id: string,
  known: readonly string[],
): void {
  if (!known.includes(id)) problems.push({ path, message: thereIsNo(what, id, known) })
}
