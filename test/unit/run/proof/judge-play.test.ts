import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../../src/criteria/criterion.ts'
import type { PlayVerdict } from '../../../../src/result/labs-proof.ts'
import { judgePlay } from '../../../../src/run/proof/judge-play.ts'
import { type Play, playsOf } from '../../../../src/run/proof/plays.ts'
import { tinyLab } from '../tiny-lab.ts'

/** 'create/goal pass' and so on. */
const seen = (...lines: string[]): PlayVerdict[] =>
  lines.map((line) => {
    const [place = '', verdict = ''] = line.split(' ')
    const [step = '', ...id] = place.split('/')
    return { step, id: id.join('/'), verdict: verdict as Verdict, reason: 'so it is' }
  })

const judge = (play: Partial<Play>, ...lines: string[]) => {
  const whole: Play = { ...base, ...play }
  return judgePlay(whole, { verdicts: seen(...lines), problem: null, doneAlready: [] })
}
const base: Play = {
  play: 'wrong',
  id: 'x',
  title: 'x',
  lab: tinyLab,
  overlay: null,
  broken: false,
  fails: [],
  mayFail: [],
}
const wrong = { play: 'wrong', fails: ['order'] } as const

describe('a wrong solution', () => {
  it('is found out when exactly what it names fails', () => {
    expect(judge(wrong, 'create/goal pass', 'create/order fail').outcome).toBe('proven')
  })

  it('survives when what it names passes, or was never judged', () => {
    expect(judge(wrong, 'create/order pass').reasons).toEqual(['order does not fail'])
    expect(judge(wrong, 'create/goal pass').reasons).toEqual(['order does not fail: it was never judged'])
  })

  it('is not exact when more fails than it names', () => {
    expect(judge(wrong, 'create/order fail', 'grow/dns fail').reasons).toEqual([
      'grow: dns fails too, and is not named: so it is',
    ])
  })

  it('may fail in more where the lab says that it depends on the cluster', () => {
    const depends = { ...wrong, mayFail: ['dns'] }
    expect(judge(depends, 'create/order fail', 'grow/dns fail').outcome).toBe('proven')
    expect(judge(depends, 'create/order fail', 'grow/dns pass').outcome).toBe('proven')
    expect(judge(depends, 'create/order pass', 'grow/dns fail').outcome).toBe('refuted')
  })

  it('is forgiven what could not be decided beside the named failure, and nowhere else', () => {
    expect(judge(wrong, 'create/order fail', 'create/dns inconclusive').outcome).toBe('proven')
    expect(judge(wrong, 'create/order fail', 'grow/dns inconclusive').reasons).toEqual([
      'grow: dns could not be decided: so it is',
    ])
  })

  it('is not found out by what could not be decided', () => {
    expect(judge(wrong, 'create/order inconclusive').reasons).toEqual([
      'order does not fail: it could not be decided (so it is)',
    ])
  })

  it('need not keep what the texts say', () => {
    expect(judge(wrong, 'create/order fail', 'create/claim/1 fail').outcome).toBe('proven')
  })
})

describe('a solution', () => {
  it('passes everything, what the texts say too', () => {
    expect(judge({ play: 'solution' }, 'create/goal pass', 'create/claim/1 pass').outcome).toBe('proven')
    expect(judge({ play: 'solution' }, 'create/goal pass', 'create/claim/1 fail').reasons).toEqual([
      'create: claim/1 fails: so it is',
    ])
    expect(judge({ play: 'solution' }, 'create/order inconclusive').outcome).toBe('refuted')
  })

  it('that judges nothing proves nothing', () => {
    expect(judge({ play: 'solution' }).reasons).toEqual(['nothing was judged'])
  })

  it('has something to do in every step', () => {
    const played = { verdicts: seen('grow/goal pass'), problem: null, doneAlready: ['grow'] }
    expect(judgePlay({ ...base, play: 'solution' }, played).reasons).toEqual([
      'grow: its goal held before anything was done for it',
    ])
  })
})

describe('a lab in which nothing is done', () => {
  it('passes nowhere', () => {
    expect(judge({ play: 'unsolved' }, 'create/goal inconclusive', 'create/order fail').outcome).toBe(
      'proven',
    )
    expect(judge({ play: 'unsolved' }, 'create/order pass').reasons).toEqual([
      'create: order passes although nothing was done',
    ])
  })

  const repair = { play: 'unsolved', broken: true, fails: ['dns'] } as const

  it('and that is broken fails in what it shows, and may fail in more', () => {
    const symptom = ['setup/goal pass', 'setup/shows/dns pass']
    expect(judge(repair, ...symptom, 'grow/goal pass', 'grow/dns fail', 'grow/order fail').outcome).toBe(
      'proven',
    )
    expect(judge(repair, ...symptom, 'grow/goal pass', 'grow/dns pass', 'grow/order fail').reasons).toEqual([
      'dns is shown as broken, and does not fail in the repair',
    ])
    expect(judge(repair, 'setup/shows/dns fail', 'grow/goal fail').reasons).toEqual([
      'setup: shows/dns fails: so it is',
    ])
    expect(judge({ ...repair, fails: [] }, 'grow/goal pass', 'grow/order pass').reasons).toEqual([
      'the repair passes although nothing was mended',
    ])
  })
})

it('a play that the cluster cut short decides nothing', () => {
  const played = { verdicts: seen('create/order fail'), problem: 'the API server is gone', doneAlready: [] }
  expect(judgePlay({ ...base, ...wrong }, played)).toEqual({
    outcome: 'undecided',
    reasons: ['the API server is gone'],
  })
})

describe('the plays of a lab', () => {
  const mistake = {
    id: 'all-at-once',
    title: 'all at once',
    manifests: 'wrong/all-at-once',
    instead: { grow: { do: 'scale', replicas: 3 } },
    fills: {},
    upTo: null,
    fails: ['order'],
    mayFail: [],
  } as const

  it('are the untouched one, the solution and each mistake', () => {
    const plays = playsOf({ ...tinyLab, wrong: [mistake] })
    expect(plays.map(({ play, id }) => `${play} ${id}`)).toEqual([
      'unsolved unsolved',
      'solution solution',
      'wrong all-at-once',
    ])
    const last = plays.at(-1)?.lab.steps.at(-1)
    expect(last?.action).toEqual({ do: 'scale', replicas: 3 })
  })

  it('end where the mistake has shown, and do not wait long for what never comes', () => {
    const slow = tinyLab.steps.map((step) => ({ ...step, timeoutSeconds: 3000 }))
    const plays = playsOf({ ...tinyLab, steps: slow, wrong: [{ ...mistake, upTo: 'service', instead: {} }] })
    expect(plays.at(-1)?.lab.steps.map(({ id, timeoutSeconds }) => `${id} ${timeoutSeconds}`)).toEqual([
      'setup 120',
      'service 120',
    ])
  })
})
