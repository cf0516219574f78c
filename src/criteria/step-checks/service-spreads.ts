import { isReady, stateAfter } from '../../timeline/state.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { lastPages, whyNoPages } from '../pages.ts'
import { latestSeq } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

const expected =
  'a service with an address of its own, every ready pod behind it, and a page each time it is asked'

export const serviceSpreads: StepCheck = {
  id: 'service-spreads',
  title: 'A normal service spreads requests over the pods',
  hint: 'clusterIP cannot be changed from None to an address: delete the headless service, and apply one without clusterIP',
  judge({ observations }) {
    const { services, endpoints, pods } = stateAfter(observations)
    const running = [...pods.values()].filter((pod) => isReady(pod) && pod.controller !== null)
    // Where a Deployment has taken over, a set that is still there need not be served any more.
    const copies = running.filter(({ controller }) => controller?.kind === 'ReplicaSet')
    const ready = copies.length > 0 ? copies : running
    if (services.size === 0 || ready.length === 0) {
      const reason = services.size === 0 ? 'there is no service' : 'there are no ready pods'
      return inconclusive({ reason, expected, actual: reason, evidence: [] })
    }
    const normal = [...services.values()].filter(({ headless, clusterIP }) => !headless && clusterIP !== null)
    const seqOf = (name: string) => latestSeq(observations, 'services', name, Infinity)
    if (normal.length === 0) {
      const names = [...services.keys()]
      const reason = `${listOf(names)}: clusterIP None. DNS hands out the pods, and each client keeps the one it got`
      return fail({ reason, expected, actual: `only ${listOf(names)}, headless`, evidence: names.map(seqOf) })
    }
    const fair = normal.filter(({ sticky }) => !sticky)
    if (fair.length === 0) {
      const names = normal.map(({ name }) => name)
      const reason = `${listOf(names)}: sessionAffinity ClientIP. Each client keeps the pod that it got first`
      return fail({ reason, expected, actual: `only ${listOf(names)}, sticky`, evidence: names.map(seqOf) })
    }
    const behind = (service: string): Set<string | null> =>
      new Set(endpoints.get(service)?.ready.map(({ pod }) => pod) ?? [])
    const missing = (service: string): string[] =>
      ready.filter(({ name }) => !behind(service).has(name)).map(({ name }) => name)
    const complete = fair.filter(({ name }) => missing(name).length === 0)
    const [first] = complete
    if (first === undefined) {
      const name = fair[0]?.name ?? ''
      const reason = `not behind service ${name}: ${listOf(missing(name))}`
      const evidence = [seqOf(name), latestSeq(observations, 'endpoints', name, Infinity)]
      return fail({ reason, expected, actual: `${behind(name).size} pods behind ${name}`, evidence })
    }
    const pages = lastPages(observations).filter(
      ({ of, name }) => of === 'service' && complete.some((service) => service.name === name),
    )
    const [asked] = pages
    if (asked === undefined) {
      const reason = whyNoPages(observations) ?? `${first.name} was not asked for a page`
      return inconclusive({ reason, expected, actual: 'no answer to look at', evidence: [] })
    }
    const page = pages.find((each) => each.pages === each.asked)
    if (page === undefined) {
      const { name, port, pages: came, text, seq } = asked
      const often = came === 0 ? 'never answers' : `answers ${came} of ${asked.asked} times`
      const reason = `service ${name} ${often} on port ${port}: ${text.trim()}`
      return fail({
        reason,
        expected,
        actual: `${came} pages of ${asked.asked}`,
        evidence: [seqOf(name), seq],
      })
    }
    const { name } = page
    const address = services.get(name)?.clusterIP ?? ''
    return pass({
      reason: `${name} has the address ${address} and ${ready.length} pods behind it, and answers on port ${page.port}`,
      expected,
      actual: `${name}, ${ready.length} pods`,
      evidence: [seqOf(name), latestSeq(observations, 'endpoints', name, Infinity), page.seq],
    })
  },
}
