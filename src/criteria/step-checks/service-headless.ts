import { stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const serviceHeadless: StepCheck = {
  id: 'service-headless',
  title: 'The service is headless and selects pods',
  hint: 'delete the service and apply the manifest: clusterIP cannot be changed afterwards',
  judge({ observations }) {
    const expected = 'a service with clusterIP None and a selector'
    const { services } = stateAfter(observations)
    const headless = [...services.values()].filter((service) => service.headless && service.selector !== null)
    const evidence = [...services.keys()].map((name) => latestSeq(observations, 'services', name, Infinity))
    const names = headless.map(({ name }) => name)
    if (names.length > 0)
      return pass({ reason: `${listOf(names)}: clusterIP None`, expected, actual: listOf(names), evidence })
    if (services.size === 0)
      return inconclusive({ reason: 'there is no service', expected, actual: 'no service', evidence })
    const actual = [...services.values()].map(
      ({ name, clusterIP }) => `${name} (${clusterIP ?? 'no address'})`,
    )
    return fail({ reason: `not headless: ${listOf(actual)}`, expected, actual: listOf(actual), evidence })
  },
}
