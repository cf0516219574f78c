import { describe, expect, it } from 'vitest'
import { begin, type LabProgress, type StepProgress } from '../../../src/run/progress.ts'
import { readArchive } from '../../../src/run/progress-archive.ts'
import { mergeProgress, mergeStudies } from '../../../src/run/progress-merge.ts'
import { emptyRecord, withAnswer } from '../../../src/study/scores.ts'
import { tinyLab } from './tiny-lab.ts'

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour))
const time = (hour: number): string => at(hour).toISOString()
const step = (hour: number, hints = 0): StepProgress => ({
  doneAt: time(hour),
  skipped: false,
  verdicts: {},
  hints,
})
const answer = (hour: number, text: string) => ({ text, at: time(hour), right: true, found: [], missed: [] })
const progress = (facts: Partial<LabProgress>): LabProgress => ({ ...begin(tinyLab, 'lab', at(0)), ...facts })

describe('progress of two places', () => {
  const ours = progress({
    updatedAt: time(5),
    current: 'grow',
    steps: { setup: step(1, 2), create: step(5) },
    answers: { 'create/1': answer(5, 'ours'), 'create/2': answer(1, 'ours') },
    created: ['a'],
    folder: '/ours',
  })
  const theirs = progress({
    updatedAt: time(4),
    current: 'create',
    steps: { setup: step(2), service: step(3), create: step(4) },
    answers: { 'create/1': answer(4, 'theirs'), 'create/2': answer(2, 'theirs') },
    created: ['b'],
    folder: '/theirs',
  })

  it('becomes one, entry by entry, the newer each time, and nothing is lost', () => {
    const merged = mergeProgress(ours, theirs)
    expect(merged.value).toMatchObject({
      current: 'grow',
      steps: { setup: { doneAt: time(2), hints: 2 }, service: step(3), create: step(5) },
      answers: { 'create/1': { text: 'ours' }, 'create/2': { text: 'theirs' } },
      created: ['a', 'b'],
      folder: '/ours',
    })
    expect({ took: merged.took, kept: merged.kept }).toEqual({ took: 3, kept: 2 })
  })

  it('is the same after a second time, with nothing new taken', () => {
    const once = mergeProgress(ours, theirs).value
    expect(mergeProgress(once, theirs)).toMatchObject({ value: once, took: 0 })
  })

  it('goes on where the newer one is', () => {
    expect(mergeProgress(theirs, ours).value.current).toBe('grow')
    expect(mergeProgress(ours, { ...theirs, updatedAt: time(9) }).value.current).toBe('create')
  })

  it('never loses a passed exam to a later failed one', () => {
    const exam = (hour: number, passed: boolean) => ({
      at: time(hour),
      passedAt: passed ? time(hour) : null,
      score: passed ? 10 : 4,
      maxScore: 10,
      verdicts: {},
    })
    expect(
      mergeProgress(progress({ exam: exam(1, true) }), progress({ exam: exam(2, false) })).value.exam,
    ).toMatchObject({ score: 4, passedAt: time(1) })
  })
})

describe('scores of two places', () => {
  it('keep the later answer to each question, and add up nothing twice', () => {
    const known = (hour: number) =>
      withAnswer(emptyRecord(at(0)), 'q', { right: true, again: false }, at(hour))
    const missed = withAnswer(known(1), 'q', { right: false, again: false }, at(3))
    expect(mergeStudies(missed, known(2)).value.questions.q).toMatchObject({ lastRight: false, answered: 2 })
    expect(mergeStudies(known(2), missed).value.questions.q).toMatchObject({ lastRight: false, answered: 2 })
  })
})

describe('an archive', () => {
  const archive = {
    kind: 'sts-lab-progress',
    schemaVersion: 1,
    exportedAt: time(1),
    version: '0.1.0',
    labs: { 'tiny.json': progress({}) },
    study: null,
  }
  const refused = (content: unknown): string => {
    try {
      readArchive(typeof content === 'string' ? content : JSON.stringify(content), 'f.json')
      return 'taken'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  it('is read as it was written', () => {
    expect(readArchive(JSON.stringify(archive), 'f.json').labs['tiny.json']).toEqual(progress({}))
  })

  it.each([
    ['no JSON', '{"half', 'is not JSON'],
    ['somebody else’s', { name: 'a package' }, 'was not written by'],
    ['of a later version', { ...archive, schemaVersion: 2 }, 'later version'],
    [
      'damaged',
      { ...archive, labs: { 'tiny.json': { ...progress({}), steps: 'none' } } },
      'labs.tiny.json.steps',
    ],
    [
      'one that names a file elsewhere',
      { ...archive, labs: { '../tiny.json': progress({}) } },
      'its name says',
    ],
    ['one that names another lab', { ...archive, labs: { 'other.json': progress({}) } }, 'its name says'],
    [
      'one that names another version',
      { ...archive, labs: { 'tiny.v7.json': progress({}) } },
      'its name says',
    ],
  ])('is refused with the reason when it is %s', (_, content, reason) => {
    expect(refused(content)).toContain(reason)
  })
})
