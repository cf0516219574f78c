import type { Blank } from '../blank.ts'
import { fillValues, solved } from '../blanks/fill-values.ts'
import { judgeFill } from '../blanks/judge-fill.ts'
import { isOpen, placeOf } from '../blanks/place.ts'
import { KUBECTL_YAML } from '../kubectl-yaml.ts'
import type { LabAction } from '../lab.ts'
import { LabText, type Path } from '../lab-text.ts'
import type { LintSetting, Report } from './finding.ts'

type Fill = Extract<LabAction, { do: 'fill' }>

/** Files with blanks: each blank is one in the file, each one in the file is described, and our solution passes. */
export function lintBlanks(setting: LintSetting, report: Report): void {
  const fills = fillsOf(setting)
  const seen = new Set<string>()
  for (const { fill, path } of fills) {
    const template = setting.textOf(fill.file)
    if (template === null) {
      report([...path, 'file'], `there is no file in manifests/${setting.lab.id}/ "${fill.file}"`)
      continue
    }
    for (const [index, { id }] of fill.blanks.entries()) {
      if (seen.has(id)) report([...path, 'blanks', index, 'id'], `another blank is already called "${id}"`)
      seen.add(id)
    }
    lintFile(fill, template, (below, message) => report([...path, ...below], message))
    lintPlaces(
      fill,
      fills.map((each) => each.fill.file),
      (below, message) => report([...path, ...below], message),
    )
    lintSolution(fill, template, othersOf(fill, fills, setting), (below, message) =>
      report([...path, ...below], message),
    )
  }
}

/** What a wrong solution fills in has to be wrong. @returns null when it is. */
export function whyNoMistake(setting: LintSetting, id: string, value: string): string | null {
  const fills = fillsOf(setting)
  const found = fills.find(({ fill }) => fill.blanks.some((blank) => blank.id === id))
  if (found === undefined) return null
  const { fill } = found
  const template = setting.textOf(fill.file)
  if (template === null) return null
  const solutions = Object.fromEntries(fill.blanks.map((blank) => [blank.id, blank.solution]))
  const text = fillValues(template, fill.blanks, { ...solutions, [id]: value })
  const { blanks } = judgeFill({
    file: fill.file,
    template,
    text,
    blanks: fill.blanks,
    others: othersOf(fill, fills, setting),
  })
  const verdict = blanks.find(({ blank }) => blank.id === id)?.verdict
  return verdict === 'right' ? `"${value}" is accepted there, so it is no mistake` : null
}

function fillsOf({ lab }: LintSetting): { readonly fill: Fill; readonly path: Path }[] {
  return lab.steps.flatMap(({ action }, index) =>
    action?.do === 'fill' ? [{ fill: action, path: ['steps', index, 'action'] as Path }] : [],
  )
}

function othersOf(
  { file }: Fill,
  fills: readonly { readonly fill: Fill }[],
  { textOf }: LintSetting,
): Record<string, string> {
  const others = fills.flatMap(({ fill }) => {
    const text = fill.file === file ? null : textOf(fill.file)
    return text === null ? [] : [[fill.file, solved(text, fill.blanks)] as const]
  })
  return Object.fromEntries(others)
}

function lintFile({ blanks, file }: Fill, template: string, report: Report): void {
  const source = new LabText(file, template, KUBECTL_YAML)
  const open = new Set<string>()
  const walk = (value: unknown, path: Path): void => {
    if (isOpen(value)) open.add(path.join('.'))
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
  }
  walk(source.document.toJS(), [])
  for (const [index, { at }] of blanks.entries())
    if (!open.delete(at)) report(['blanks', index, 'at'], `${file} has no blank at "${at}"`)
  for (const at of open) report(['blanks'], `the blank at "${at}" of ${file} is not described`)
}

function lintPlaces({ blanks }: Fill, files: readonly string[], report: Report): void {
  for (const [index, { accept }] of blanks.entries())
    for (const [number, rule] of accept.entries()) {
      if (rule.is === 'integer' && rule.min > rule.max)
        report(['blanks', index, 'accept', number], 'no number is that small and that large')
      if (rule.is !== 'same-as' && rule.is !== 'other-than') continue
      for (const [place, where] of rule.places.entries()) {
        const { file } = placeOf(where)
        if (file !== null && !files.includes(file))
          report(['blanks', index, 'accept', number, 'places', place], `no step has the file "${file}"`)
      }
    }
}

function lintSolution(
  { blanks, file }: Fill,
  template: string,
  others: Readonly<Record<string, string>>,
  report: Report,
): void {
  const judged = judgeFill({ file, template, text: solved(template, blanks), blanks, others })
  if (judged.mistake !== null)
    report(['blanks'], `with our solution, ${file} is not YAML: ${judged.mistake.message}`)
  for (const { blank, verdict, reason } of judged.blanks)
    if (verdict !== 'right')
      report(['blanks', indexOf(blanks, blank), 'solution'], `does not pass: ${reason ?? verdict}`)
}

const indexOf = (blanks: readonly Blank[], { id }: Blank): number =>
  blanks.findIndex((each) => each.id === id)
