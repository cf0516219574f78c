import { readFileSync } from 'node:fs'
import { criteria } from '../../../../src/criteria/index.ts'
import { stepChecks } from '../../../../src/criteria/step-checks/index.ts'
import { fillValues, solved } from '../../../../src/lab/blanks/fill-values.ts'
import { type FillJudgement, judgeFill } from '../../../../src/lab/blanks/judge-fill.ts'
import type { LabAction } from '../../../../src/lab/lab.ts'
import { parseLab } from '../../../../src/lab/parse-lab.ts'

/** Section 2 as it is shipped: its blanks are the hardest that the judge has to deal with. */
const parsed = parseLab(readFileSync('labs/section2.yaml', 'utf8'), 'section2.yaml', {
  criteria: criteria.map(({ id }) => id),
  checks: stepChecks.map(({ id }) => id),
  manifests: () => ['namespace.yaml', 'headless-service.yaml', 'statefulset.yaml'],
})
if (parsed.lab === null) throw new Error('section2.yaml cannot be read')
export const section2 = parsed.lab

export type FillAction = Extract<LabAction, { do: 'fill' }>
const fills = section2.steps.flatMap(({ action }) => (action?.do === 'fill' ? [action] : []))

function fillOf(file: string): FillAction {
  const found = fills.find((each) => each.file === file)
  if (found === undefined) throw new Error(`no step fills ${file}`)
  return found
}

export const SERVICE = 'headless-service.yaml'
export const SET = 'statefulset.yaml'
export const template = (file: string): string => readFileSync(`manifests/section2/${file}`, 'utf8')
export const solution = (file: string): string => solved(template(file), fillOf(file).blanks)

/** The solution with some blanks filled otherwise. */
export const filled = (file: string, values: Readonly<Record<string, string>>): string =>
  fillValues(solution(file), fillOf(file).blanks, values)

/** The solution with a piece of its text changed; a piece that is not there is a mistake of the test. */
export function changed(file: string, from: string, to: string): string {
  const text = solution(file)
  if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
  return text.replace(from, to)
}

export const judge = (
  file: string,
  text: string,
  service = solution(SERVICE),
  namespaces: readonly string[] = [],
): FillJudgement =>
  judgeFill({
    file,
    template: template(file),
    text,
    namespaces,
    blanks: fillOf(file).blanks,
    others: file === SERVICE ? { [SET]: solution(SET) } : { [SERVICE]: service },
  })

export const wrongIn = ({ blanks }: FillJudgement): string[] =>
  blanks.filter(({ verdict }) => verdict === 'wrong').map(({ blank }) => blank.id)
