import { describe, expect, it } from 'vitest'
import { whyNoRecords } from '../../../src/criteria/no-records.ts'
import type { ServiceFacts } from '../../../src/timeline/facts.ts'
import { stateAfter } from '../../../src/timeline/state.ts'
import { aService, aSet } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const stateWith = (service: Partial<ServiceFacts>) =>
  stateAfter(
    new Script().lists(3).add({ stream: 'services', type: 'modified', object: aService(service) })
      .observations,
  )
const why = (service: Partial<ServiceFacts>) => whyNoRecords(stateWith(service), aSet())

describe('DNS can never answer right', () => {
  it('without the service, with one that has an address, and with one that selects no pod', () => {
    expect(whyNoRecords(stateAfter([]), aSet())).toBe('there is no Service web-svc')
    expect(why({ headless: false, clusterIP: '10.96.0.9' })).toBe('Service web-svc is not headless')
    expect(why({ selector: { app: 'wbe' } })).toBe('Service web-svc selects none of the pods')
  })

  it('by the labels of the template where there are no pods', () => {
    const state = stateAfter(
      new Script()
        .lists(0)
        .add({ stream: 'services', type: 'modified', object: aService({ selector: { app: 'wbe' } }) })
        .observations,
    )
    expect(whyNoRecords(state, aSet())).toBe('Service web-svc selects none of the pods')
  })

  it('is not said of what may still come: pods that are selected, endpoints made by hand, a name for another name', () => {
    expect(why({})).toBeNull()
    expect(why({ selector: null })).toBeNull()
    expect(why({ type: 'ExternalName', headless: false, clusterIP: null })).toBeNull()
  })
})
