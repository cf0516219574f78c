import { describe, expect, it } from 'vitest'
import { driftFrom } from '../../helpers/stories/drift.ts'
import { eventsOf } from '../../helpers/stories/known-stories.ts'
import type { Story } from '../../helpers/stories/story.ts'

const story = (steps: Readonly<Record<string, string>>): Story =>
  Object.entries(steps).map(([step, events]) => ({ step, events: eventsOf(events) }))

/** Of one step that is not the last: what is under way at the end may be cut off. */
const drift = (known: string, other: string): readonly string[] =>
  driftFrom(story({ go: known, end: '' }), story({ go: other, end: '' }))

describe('a drift from what is known', () => {
  it.each([
    [
      'a pod is made before the one before it is ready',
      'web-0 created, web-0 ready, web-1 created, web-1 ready',
      'web-0 created, web-1 created, web-0 ready, web-1 ready',
      ['go: the other way round here: web-0 ready before web-1 created'],
    ],
    [
      'a pod is told to go before the one above it is gone',
      'web-1 told to go, web-1 gone, web-0 told to go, web-0 gone',
      'web-1 told to go, web-0 told to go, web-1 gone, web-0 gone',
      ['go: the other way round here: web-1 gone before web-0 told to go'],
    ],
    [
      'pods that come at once wait for each other',
      'web-0 created, web-1 created, web-0 ready, web-1 ready',
      'web-0 created, web-0 ready, web-1 created, web-1 ready',
      ['go: the other way round here: web-1 created before web-0 ready'],
    ],
    [
      'a rolling update goes on before the new pod is ready',
      'web-1 told to go, web-1 gone, web-1(2) created, web-1(2) ready, web-0 told to go',
      'web-1 told to go, web-1 gone, web-1(2) created, web-0 told to go, web-1(2) ready',
      ['go: the other way round here: web-1(2) ready before web-0 told to go'],
    ],
    [
      'a pod comes before its claim',
      'claim:data-web-0 created, web-0 created',
      'web-0 created, claim:data-web-0 created',
      ['go: the other way round here: claim:data-web-0 created before web-0 created'],
    ],
    [
      'a pod runs before its claim is bound',
      'claim:data-web-0 bound, web-0 running',
      'web-0 running, claim:data-web-0 bound',
      ['go: the other way round here: claim:data-web-0 bound before web-0 running'],
    ],
    [
      'a claim goes while its pod is there',
      'claim:data-web-0 told to go, web-0 told to go, web-0 gone, claim:data-web-0 gone',
      'claim:data-web-0 told to go, claim:data-web-0 gone, web-0 told to go, web-0 gone',
      [
        'go: the other way round here: web-0 told to go before claim:data-web-0 gone',
        'go: the other way round here: web-0 gone before claim:data-web-0 gone',
      ],
    ],
    [
      'a pod is made twice',
      'web-0 created, web-0 ready',
      'web-0 created, web-0 told to go, web-0 gone, web-0(2) created, web-0 ready',
      [
        'go: web-0 told to go is not to be',
        'go: web-0 gone is not to be',
        'go: web-0(2) created is not to be',
      ],
    ],
    ['a pod never comes', 'web-0 created, web-1 created', 'web-0 created', ['go: web-1 created is missing']],
    [
      'a Deployment takes an old pod away before a new one is ready',
      'app~2 created, app~2 ready, app~1 told to go',
      'app~2 created, app~1 told to go, app~2 ready',
      ['go: the other way round here: app~2 ready before app~1 told to go'],
    ],
  ])('%s', (_, known, other, told) => {
    expect(drift(known, other)).toEqual(told)
    expect(drift(known, known)).toEqual([])
  })

  it('something comes in another step', () => {
    const known = story({ grow: 'web-1 created', look: '', end: '' })
    expect(driftFrom(known, story({ grow: '', look: 'web-1 created', end: '' }))).toEqual([
      'grow: web-1 created is missing',
      'look: web-1 created is not to be',
    ])
  })
})

describe('no drift', () => {
  it.each([
    [
      'pods told to go in one breath',
      'web-0 told to go, web-1 told to go',
      'web-1 told to go, web-0 told to go',
    ],
    ['pods that come up at the same time', 'web-0 ready, web-1 ready', 'web-1 ready, web-0 ready'],
    [
      'the binder and the controller',
      'claim:d-web-0 bound, web-0 created',
      'web-0 created, claim:d-web-0 bound',
    ],
    ['the scheduler and the controller', 'web-0 scheduled, web-1 created', 'web-1 created, web-0 scheduled'],
  ])('%s have no order', (_, known, other) => {
    expect(drift(known, other)).toEqual([])
  })

  it('where the play itself asks for two things at once, but in what happens to one pod', () => {
    const known = story({ go: 'web-0 told to go, web-0 gone, web-3 created', end: '' })
    const [other, wrong] = [
      'web-3 created, web-0 told to go, web-0 gone',
      'web-0 gone, web-0 told to go, web-3 created',
    ]
    expect(driftFrom(known, story({ go: other, end: '' }))).not.toEqual([])
    expect(driftFrom(known, story({ go: other, end: '' }), { races: ['go'] })).toEqual([])
    expect(driftFrom(known, story({ go: wrong, end: '' }), { races: ['go'] })).not.toEqual([])
  })

  it('where the play is judged before the set has come up', () => {
    const known = story({ go: 'web-0 created' })
    const other = story({ go: 'web-0 created, web-0 ready' })
    expect(driftFrom(known, other)).not.toEqual([])
    expect(driftFrom(known, other, { cutOff: ['go'] })).toEqual([])
  })

  it('a pod that is on its way out when the recording ends', () => {
    const known = story({ go: 'web-0 told to go, web-0 gone' })
    expect(driftFrom(known, story({ go: 'web-0 told to go' }))).toEqual([])
  })
})
