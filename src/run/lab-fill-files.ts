import { usageError } from '../errors.ts'
import { asYamlValue, fillValues, solved } from '../lab/blanks/fill-values.ts'
import { type FillJudgement, judgeFill } from '../lab/blanks/judge-fill.ts'
import type { Lab, LabAction } from '../lab/lab.ts'
import type { ManifestDocument } from '../ports.ts'
import type { FillTools } from './fill-tools.ts'
import { type ManifestSetting, movedDocument } from './lab-manifests.ts'

export type FillAction = Extract<LabAction, { do: 'fill' }>

/** Files with blanks: of a lab, in a namespace, with the student's copies or without. */
export interface FillSetting {
  readonly lab: Lab
  readonly tools: FillTools
  readonly manifests: ManifestSetting
  /** The student's word for a blank when it was applied last; undefined: it never was. */
  readonly applied: (blank: string) => string | undefined
}

export const fillActions = (lab: Pick<Lab, 'steps'>): readonly FillAction[] =>
  lab.steps.flatMap(({ action }) => (action?.do === 'fill' ? [action] : []))

/** A file as it is handed out: with the namespace in use, so that `kubectl apply -f` means the right one. */
export async function templateText({ tools, manifests }: FillSetting, file: string): Promise<string> {
  const text = await tools.template(file)
  return text.replaceAll(manifests.labNamespace, manifests.namespace)
}

/** Our own solution of a file. */
export const ourText = async (setting: FillSetting, { file, blanks }: FillAction): Promise<string> =>
  solved(await templateText(setting, file), blanks)

/** A text of a file with everything that it is judged with. */
export async function judgeText(
  setting: FillSetting,
  { file, blanks }: FillAction,
  text: string,
): Promise<FillJudgement> {
  const template = await templateText(setting, file)
  const others: Record<string, string> = {}
  for (const other of fillActions(setting.lab))
    if (other.file !== file) others[other.file] = await usableText(setting, other)
  return judgeFill({ file, template, text, blanks, others, namespaces: namespacesOf(setting) })
}

/** The namespace that the lab's files name is meant for the one in use. */
const namespacesOf = ({ manifests }: FillSetting): readonly string[] => [
  manifests.labNamespace,
  manifests.namespace,
]

/** What is applied of a file: the student's when it is right, else what stands in for it. */
export async function textToApply(
  setting: FillSetting,
  action: FillAction,
): Promise<{ readonly text: string; readonly own: boolean }> {
  const own = (await setting.tools.student?.read(action.file)) ?? null
  if (own !== null && (await judgeText(setting, action, own)).right) return { text: own, own: true }
  return { text: await standIn(setting, action), own: false }
}

/**
 * Our own solution, with the words that the student chose when the file was applied: what is on the cluster goes by
 * them, and so does what comes later.
 */
export async function standIn(setting: FillSetting, action: FillAction): Promise<string> {
  const ours = await ourText(setting, action)
  const chosen = Object.fromEntries(
    action.blanks.flatMap(({ id }) => {
      const word = setting.applied(id)
      return word === undefined ? [] : [[id, asYamlValue(word)]]
    }),
  )
  const text = fillValues(ours, action.blanks, chosen)
  return text === ours || isRightByItself(text, action, ours) ? text : ours
}

const isRightByItself = (text: string, { file, blanks }: FillAction, template: string): boolean =>
  judgeFill({ file, template, text, blanks, others: {} }).right

/** @throws LabError 'bad-yaml' (usage). */
export async function filledDocuments(
  setting: FillSetting,
  { file }: FillAction,
  text: string,
): Promise<readonly ManifestDocument[]> {
  const { tools, manifests } = setting
  const shown = tools.student === null ? file : `${tools.student.shown}/${file}`
  return (await tools.parse(text, shown)).map((document) => movedDocument(document, manifests))
}

/** @throws Error when the lab is run without what blanks need: a mistake in sts-lab. */
export function requireTools(tools: FillTools | undefined): FillTools {
  if (tools === undefined) throw new Error('a lab with blanks is run without tools for them')
  return tools
}

/** What another file is taken to say: right by itself, the student's; what is still being written says nothing yet. */
async function usableText(setting: FillSetting, action: FillAction): Promise<string> {
  const { file, blanks } = action
  const template = await templateText(setting, file)
  const own = (await setting.tools.student?.read(file)) ?? null
  const input = { file, template, blanks, others: {}, namespaces: namespacesOf(setting) }
  return own !== null && judgeFill({ ...input, text: own }).right ? own : standIn(setting, action)
}

/** @throws LabError 'no-folder' (usage): the lab was never begun, so there are no files. */
export function requireFolder(folder: string | null, lab: Lab): string {
  if (folder !== null) return folder
  throw usageError('no-folder', `${lab.title} has no files of yours yet`, `sts-lab start ${lab.id}`)
}
