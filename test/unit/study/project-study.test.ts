import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readHead } from '../../../src/lab/head.ts'
import { formatProblem } from '../../../src/lab/problem.ts'
import { cellWidth } from '../../../src/report/layout.ts'
import { parseStudy } from '../../../src/study/parse-study.ts'
import { planStanding } from '../../../src/study/plan-standing.ts'
import { questionsOf } from '../../../src/study/study.ts'

const files = readdirSync('labs/study', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(`labs/study/${name}`, 'utf8') }))
const labs = readdirSync('labs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readHead({ name, text: readFileSync(`labs/${name}`, 'utf8') }))
const { study, problems } = parseStudy(files, new Map(labs.map((lab) => [lab.id, lab.steps])))
const questions = questionsOf(study)

describe('the study material of the project', () => {
  // parseStudy refuses what leads to no lab, step or topic, a question without an answer that can be judged, with no right choice or only right ones,
  // and one whose model answer misses a key point.
  it('is valid, and leads to labs and steps that there are', () => {
    expect(problems.map(formatProblem)).toEqual([])
    expect(files.length).toBeGreaterThan(15)
  })

  it('asks the ten design questions, ten scenarios and more, on every topic', () => {
    const count = (kind: string): number => questions.filter((question) => question.kind === kind).length
    expect(count('design')).toBe(10)
    expect(count('scenario')).toBeGreaterThanOrEqual(10)
    expect(questions.length).toBeGreaterThanOrEqual(35)
    expect(study.quiz.map(({ topic }) => topic).sort()).toEqual(
      ['dns', 'identity', 'order', 'storage', 'troubleshooting', 'updates', 'when-to-use'].sort(),
    )
  })

  it('says of each choice why', () => {
    const short = questions.flatMap(({ id, choices }) =>
      choices.filter(({ why }) => why.length < 15).map(({ text }) => `${id}: ${text}`),
    )
    expect(short).toEqual([])
  })

  it('has all three phases in its plan, and nothing that only hands can tick besides what is done elsewhere', () => {
    expect(study.plan.map(({ id }) => id)).toEqual(['core', 'intermediate', 'advanced'])
    const byHand = planItems().filter(({ proofs }) => proofs.length === 0)
    expect(byHand.map(({ id }) => id)).toEqual(['restore-tried', 'operator-tried'])
    const nothing = planStanding(study.plan, {
      lab: () => false,
      exam: () => false,
      quiz: () => false,
      question: () => false,
      ticked: () => false,
    })
    expect(nothing).toMatchObject({ done: 0, items: planItems().length })
  })

  it('draws nothing wider than a narrow terminal', () => {
    const wide = study.topics.flatMap(({ id, text }) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('    ') && cellWidth(line) > 59)
        .map((line) => `${id}: ${line}`),
    )
    expect(wide).toEqual([])
  })
})

const planItems = () => study.plan.flatMap(({ groups }) => groups.flatMap(({ items }) => items))
