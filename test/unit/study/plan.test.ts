import { describe, expect, it } from 'vitest'
import { doneIn } from '../../../src/run/plan-proofs.ts'
import { begin, beginAnew, type LabProgress, stepDone } from '../../../src/run/progress.ts'
import { planStanding } from '../../../src/study/plan-standing.ts'
import { emptyRecord, type StudyRecord, withAnswer, withTick } from '../../../src/study/scores.ts'
import type { PlanItem, PlanProof, Study } from '../../../src/study/study.ts'
import { tinyLab } from '../run/tiny-lab.ts'
import { aQuestion } from './questions.ts'

const now = new Date('2026-01-01T00:00:00Z')
const item = (id: string, ...proofs: PlanProof[]): PlanItem => ({ id, text: id, read: 'dns', proofs })
const items = [
  item('step', { lab: 'tiny', steps: ['setup'] }),
  item('whole', { lab: 'tiny', steps: [] }),
  item('either', { exam: 'tiny' }, { question: 'q' }),
  item('topic', { quiz: 'dns' }),
  item('hand'),
  item('many', { labs: ['tiny', 'other'] }),
]
const study: Study = {
  quiz: [
    {
      topic: 'dns',
      title: 'DNS',
      read: 'dns',
      lab: null,
      questions: [aQuestion({ id: 'q' }), aQuestion({ id: 'r' })],
    },
  ],
  topics: [],
  plan: [{ id: 'p', title: 'P', note: '', weeks: [1, 2], groups: [{ title: 'G', items }] }],
}
const stepsOf = (lab: string): readonly string[] => (lab === 'tiny' ? tinyLab.steps.map(({ id }) => id) : [])
const begun = begin(tinyLab, 'lab', now)
const passed = (progress: LabProgress, step: string, verdict: 'pass' | 'fail' = 'pass'): LabProgress =>
  stepDone(
    progress,
    tinyLab,
    step,
    [{ step, id: 'x', title: 'x', verdict, reason: '', expected: null, actual: null, hint: null }],
    now,
  )

function ticked(progress: LabProgress, record: StudyRecord = emptyRecord(now)): string[] {
  const standing = planStanding(study.plan, doneIn({ study, record, progress: [progress], stepsOf, now }))
  return standing.phases.flatMap(({ items: all }) =>
    all.flatMap(({ item: { id }, by }) => (by === null ? [] : [id])),
  )
}

describe('the plan', () => {
  it('has nothing ticked at the beginning, and says what to type first', () => {
    const standing = planStanding(
      study.plan,
      doneIn({ study, record: emptyRecord(now), progress: [], stepsOf, now }),
    )
    expect(standing).toMatchObject({ done: 0, items: 6, next: { command: 'sts-lab start tiny' } })
  })

  it('ticks a step that was done and passed, and not one whose check failed', () => {
    expect(ticked(passed(begun, 'setup'))).toEqual(['step'])
    expect(ticked(passed(begun, 'setup', 'fail'))).toEqual([])
  })

  it('ticks a lab when every step of it passed', () => {
    const all = stepsOf('tiny').reduce((progress, step) => passed(progress, step), begun)
    expect(ticked(all)).toEqual(['step', 'whole'])
    expect(ticked(passed(passed(begun, 'setup', 'fail'), 'service'))).toEqual([])
  })

  it('keeps what was proven once, when a step is done again and when the lab is begun anew', () => {
    const all = stepsOf('tiny').reduce((progress, step) => passed(progress, step), begun)
    const anew = beginAnew(tinyLab, 'lab', all, now)
    expect(anew).toMatchObject({ steps: {}, current: 'setup' })
    expect(ticked(anew)).toEqual(['step', 'whole'])
    expect(ticked(passed(all, 'setup', 'fail'))).toEqual(['step', 'whole'])
  })

  it('ticks by any one of several proofs', () => {
    const exam = { at: now.toISOString(), passedAt: now.toISOString(), score: 10, maxScore: 10, verdicts: {} }
    expect(ticked({ ...begun, exam })).toEqual(['either'])
    expect(ticked({ ...begun, exam: { ...exam, passedAt: null } })).toEqual([])
    const answered = withAnswer(emptyRecord(now), 'q', { right: true, again: false }, now)
    expect(ticked(begun, answered)).toEqual(['either'])
    expect(ticked(begun, withAnswer(answered, 'r', { right: true, again: false }, now))).toEqual([
      'either',
      'topic',
    ])
  })

  it('lets hands tick only what nothing can prove, and untick it', () => {
    const hand = withTick(emptyRecord(now), item('hand'), true, now)
    expect(ticked(begun, hand)).toEqual(['hand'])
    expect(ticked(begun, withTick(hand, item('hand'), false, now))).toEqual([])
    expect(ticked(begun, withTick(hand, item('step'), true, now))).toEqual(['hand'])
  })
})
