import { EXIT, type ExitCode } from '../../exit-codes.ts'
import type { LabHead } from '../../lab/head.ts'
import { wrap } from '../../report/layout.ts'
import { answersInWords, examInWords, type LabStanding, standingIn } from '../../run/lab-standing.ts'
import type { LabProgress } from '../../run/progress.ts'
import { readHeads } from '../labs.ts'
import { createPage } from '../page.ts'
import { latestProgress, otherVersions } from '../progress-file.ts'
import type { Services } from '../services.ts'

export interface ListOptions {
  readonly output: 'text' | 'json'
}

interface Row {
  readonly lab: LabHead
  readonly group: string
  /** Of this version of the lab; null: not begun. */
  readonly progress: LabProgress | null
  readonly standing: LabStanding
  /** Versions of the lab, besides this one, of which progress is kept. */
  readonly versions: readonly number[]
}

/** `sts-lab list`: the course in its order, and how far one is in each lab. */
export async function list(options: ListOptions, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const rows: Row[] = []
  for (const lab of await readHeads(services)) rows.push(await rowOf(lab, services))
  if (options.output === 'json') {
    const labs = rows.map(({ lab, group, progress, standing, versions }) => {
      const { id, title, summary, minutes, guidance, aliases } = lab
      const { begun, done, steps, current, passed, answers } = standing
      const of = { id, aliases, group, title, summary, minutes, guidance, steps, begun, done, current }
      return { ...of, passed, answers, exam: progress?.exam ?? null, otherVersions: versions }
    })
    terminal.out(`${JSON.stringify({ schemaVersion: 1, labs }, null, 2)}\n`)
  } else terminal.out(pageOf(rows, services))
  return EXIT.passed
}

async function rowOf(lab: LabHead, services: Services): Promise<Row> {
  const latest = await latestProgress(services, lab)
  const progress = latest?.labVersion === lab.version ? latest : null
  const versions = (await otherVersions(services, lab)).map((other) => other.progress.labVersion)
  return {
    lab,
    group: groupOf(lab),
    progress,
    standing: standingIn(progress, lab.steps),
    versions: [...new Set(versions)].sort((a, b) => a - b),
  }
}

/** Where the positions of the course put it. */
function groupOf({ position }: LabHead): string {
  if (position < 40) return 'The course'
  if (position < 100) return 'Scenario'
  if (position < 120) return 'Common mistakes, to find and fix'
  return position < 140 ? 'Troubleshooting' : 'More labs'
}

function pageOf(rows: readonly Row[], { terminal }: Services): string {
  const page = createPage(terminal)
  const { paint } = page
  const width = Math.max(...rows.map(({ lab }) => lab.id.length))
  let group: string | null = null
  for (const row of rows) {
    if (row.group !== group) {
      const passed = rows.filter((each) => each.group === row.group && isPassed(each)).length
      const of = rows.filter((each) => each.group === row.group).length
      page.add(...(group === null ? [] : ['']), page.rule(row.group, `${passed}/${of} passed`))
      group = row.group
    }
    const { lab } = row
    const mark = isPassed(row) ? paint.pass(page.unicode ? '✔' : '+') : ' '
    const beside = (line: string): string => `${' '.repeat(width + 4)}${line}`
    page.add(`${mark} ${paint.strong(lab.id.padEnd(width))}  ${lab.title} (${lab.minutes} min)`)
    // What is broken is for the student to find out.
    if (lab.guidance !== 'fix') page.add(...wrap(lab.summary, page.width - width - 4).map(beside))
    page.add(beside(paint.dim(inWords(row))))
  }
  return page.text()
}

const isPassed = ({ standing, progress }: Row): boolean =>
  standing.passed || (progress?.exam?.passedAt ?? null) !== null

function inWords({ lab, standing, progress, versions }: Row): string {
  // What no lab is without. Read strictly it says where and why; the others are nobody's trouble here.
  if (lab.title === '' || lab.namespace === '') return `cannot be read: sts-lab labs lint ${lab.id}`
  const answers = answersInWords(standing.answers)
  const parts = [
    far(lab, standing, progress),
    ...(answers === null ? [] : [`answers: ${answers}`]),
    ...(versions.length === 0 ? [] : [`progress of version ${versions.join(', ')} is kept aside`]),
  ]
  return parts.join('; ')
}

function far({ id, guidance }: LabHead, standing: LabStanding, progress: LabProgress | null): string {
  const exam = progress === null ? null : examInWords(progress)
  if (exam !== null) return exam
  if (guidance === 'none') return `not judged yet: sts-lab start ${id}`
  if (!standing.begun) return `not begun: sts-lab start ${id}`
  if (standing.current !== null)
    return `${standing.done} of ${standing.steps} steps done, next: ${standing.current}`
  if (standing.passed) return guidance === 'fix' ? 'fixed' : `finished, all ${standing.steps} steps passed`
  return `at its end, ${standing.done} of ${standing.steps} steps done, not all of it passed`
}
