import { describe, expect, it } from 'vitest'
import type { Judgement, Verdict } from '../../../src/criteria/criterion.ts'
import { seenFor, symptomVerdict } from '../../../src/run/lab-symptom.ts'
import { TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judgement = (verdict: Verdict, evidence: number[] = []): Judgement => ({
  verdict,
  reason: 'there is no Service web-svc',
  expected: 'an address',
  actual: 'none',
  hint: 'create it',
  evidence,
})

const script = new Script().lists(1)
const ask = (name: string, addresses: string[], final = true) =>
  script.add({
    stream: 'run',
    type: 'reading',
    reading: {
      read: 'dns',
      name,
      pod: null,
      podUid: null,
      from: 'probe',
      status: addresses.length > 0 ? 'answered' : 'none',
      addresses,
      expected: [],
      text: '',
      final,
    },
  })
ask('old', ['10.0.0.9'])
script.begin('baseline')
ask('web-0', [], false)
ask('web-0', [])

const verdictOf = (verdict: Verdict) =>
  symptomVerdict(
    'step',
    { id: 'dns-resolution', title: 'DNS', hint: 'hint', judge: () => judgement(verdict) },
    { observations: script.observations, target: TARGET },
  )

describe('a symptom', () => {
  it('is there when its check fails', () => {
    expect(verdictOf('fail')).toMatchObject({ id: 'shows/dns-resolution', verdict: 'pass', hint: null })
  })

  it('that does not show on this cluster is a failure, said as such', () => {
    const { verdict, reason, seen } = verdictOf('pass')
    expect([verdict, seen]).toEqual(['fail', undefined])
    expect(reason).toContain('the symptom is not there')
  })

  it('that could not be looked at is undecided', () => {
    expect(verdictOf('inconclusive').verdict).toBe('inconclusive')
  })
})

describe('what is shown of a failure', () => {
  it('is what was read about it last, without the reason', () => {
    expect(seenFor(script.observations, 'dns-resolution', judgement('fail'))).toEqual({
      reason: null,
      lines: ['web-0 → no address'],
    })
  })

  it('is what the judgement rests on, with the reason, where nothing was read about it', () => {
    const { reason, lines } = seenFor(script.observations, 'pvc-retention', judgement('fail', [1]))
    expect(reason).toBe('there is no Service web-svc')
    expect(lines).toEqual(['service/web-svc: headless'])
  })
})
