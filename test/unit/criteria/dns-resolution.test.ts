import { describe, expect, it } from 'vitest'
import { dnsResolution } from '../../../src/criteria/dns-resolution.ts'
import { aPod, aService, TARGET } from '../../helpers/builders.ts'
import { Script } from '../../helpers/script.ts'

const judge = ({ observations }: Script) => dnsResolution.judge({ observations, target: TARGET })
const asked = (tell: (script: Script) => Script) =>
  tell(new Script().lists(3).begin('baseline')).end('baseline')
const none = { status: 'none', addresses: [] } as const

describe('dns-resolution', () => {
  it('takes the last word of each name, not the tries before', () => {
    const script = asked((it) => it.dnsOf(1, { ...none, final: false }).dns([0, 1, 2]))
    expect(judge(script).verdict).toBe('pass')
  })

  it('is inconclusive while it is still being asked, was not asked, or did not answer', () => {
    expect(judge(asked((it) => it.dns([0, 1, 2], { final: false }))).reason).toContain('not caught up')
    expect(judge(asked((it) => it)).reason).toBe('DNS was not asked')
    expect(judge(asked((it) => it.dns([0, 2]))).reason).toBe('DNS was not asked for web-1')
    expect(judge(asked((it) => it.dns([0, 1, 2], { status: 'failed', addresses: [] }))).verdict).toBe(
      'inconclusive',
    )
  })

  it('names the address that is another’s', () => {
    const script = asked((it) => it.dns([0, 2]).dnsOf(1, { addresses: ['10.0.1.2'] }))
    expect(judge(script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-1.web-svc.lab.svc.cluster.local resolves to 10.0.1.2, but web-1 has 10.0.1.1',
      evidence: [6, 13],
    })
  })

  it('does not take an answer about an earlier life', () => {
    const script = asked((it) => it.dns([0, 1, 2]).goes(1).comesUp(1))
    expect(judge(script)).toMatchObject({ verdict: 'inconclusive', reason: 'DNS was not asked for web-1' })
  })

  it('shows the selector beside the labels when no name exists', () => {
    const script = new Script()
      .lists(3)
      .add({ stream: 'services', type: 'modified', object: aService({ selector: { app: 'wbe' } }) })
    script.begin('baseline').dns([0, 1, 2], none).end('baseline')
    expect(judge(script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-0.web-svc.lab.svc.cluster.local does not exist in DNS',
      hint: 'Service web-svc selects app=wbe, but the pods have app=web',
    })
  })

  it('does not take names from endpoints that somebody wrote by hand, until they follow a pod', () => {
    const byHand = new Script()
      .lists(3)
      .add({ stream: 'services', type: 'modified', object: aService({ selector: null }) })
    byHand.begin('baseline').dns([0, 1, 2]).end('baseline')
    expect(judge(byHand)).toMatchObject({
      verdict: 'inconclusive',
      reason:
        'the names resolve, but Service web-svc has no selector: somebody keeps its endpoints, by hand or otherwise',
    })
    byHand.begin('replace').goes(1).comesUp(1).dns([0, 1, 2]).end('replace')
    expect(judge(byHand).verdict).toBe('pass')
  })

  it('is inconclusive where the service was put right after DNS had been asked', () => {
    const service = (selector: Record<string, string>) =>
      ({ stream: 'services', type: 'modified', object: aService({ selector }) }) as const
    const script = new Script().lists(3).add(service({ app: 'wbe' }))
    script
      .begin('baseline')
      .dns([0, 1, 2], none)
      .end('baseline')
      .add(service({ app: 'web' }))
    expect(judge(script)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'Service web-svc was put right after DNS had been asked',
    })
  })

  it('does not expect a record of a pod that is not ready', () => {
    const script = asked((it) => it.pod(1, 'modified', { ready: false }).dns([0, 2]).dnsOf(1, none))
    expect(judge(script).verdict).toBe('inconclusive')
  })

  it('fails when the service name leaves out a ready pod or holds another', () => {
    const [a, b, c] = ['10.0.1.0', '10.0.1.1', '10.0.1.2']
    const answer = (...addresses: string[]) => asked((it) => it.dns([0, 1, 2], {}).dnsService(addresses))
    expect(judge(answer(a, b)).reason).toContain('leaves out web-2')
    expect(judge(answer(a, b, c, '10.9.9.9')).reason).toContain('also resolves to 10.9.9.9')
    expect(judge(answer(c, b, a)).verdict).toBe('pass')
  })

  it('names the foreign pod that the selector catches', () => {
    const script = new Script().lists(3)
    const ips = ['10.0.9.9']
    script.add({
      stream: 'pods',
      type: 'listed',
      object: aPod({ name: 'other-0', controller: null, ready: true, ips }),
    })
    script
      .begin('baseline')
      .dns([0, 1, 2])
      .dnsService(['10.0.1.0', '10.0.1.1', '10.0.1.2', ...ips])
      .end('baseline')
    expect(judge(script)).toMatchObject({
      verdict: 'fail',
      reason: expect.stringContaining('the address of other-0'),
    })
  })

  it('is content with one address family of two', () => {
    const script = new Script({ replicas: 2 }).lists(0)
    for (const ordinal of [0, 1])
      script.pod(ordinal, 'listed', { ready: true, ips: [`10.0.0.${ordinal}`, `fd00::${ordinal}`] })
    script
      .begin('baseline')
      .dnsOf(0, { addresses: ['10.0.0.0'] })
      .dnsOf(1, { addresses: ['fd00::1', '10.0.0.1'] })
    expect(judge(script.dnsService(['10.0.0.0', '10.0.0.1']).end('baseline')).verdict).toBe('pass')
  })

  it('says that a virtual IP is not the pods', () => {
    const service = aService({ headless: false, clusterIP: '10.96.0.7' })
    const script = new Script().lists(3).add({ stream: 'services', type: 'modified', object: service })
    script.begin('baseline').dns([0, 1, 2]).dnsService(['10.96.0.7']).end('baseline')
    expect(judge(script)).toMatchObject({
      verdict: 'fail',
      reason: 'web-svc is not headless: its name resolves to 10.96.0.7, one virtual IP, not to the pods',
    })
  })

  it('does not compare with a pod watch that was down', () => {
    const script = asked((it) => it.dns([0, 2]).dnsOf(1, { addresses: ['10.0.2.1'] }))
    script.gap('pods').pod(0, 'listed').pod(2, 'listed').pod(1, 'vanished').comesUp(1)
    expect(judge(script)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('interrupted'),
    })
  })

  it('needs the name to follow a replaced pod where one was replaced', () => {
    const replaced = (tell: (it: Script) => Script) =>
      tell(
        asked((it) => it.dns([0, 1, 2]))
          .begin('replace')
          .deletes(1)
          .goes(1)
          .comesUp(1),
      )
    expect(judge(replaced((it) => it.end('replace')))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'DNS was not asked again after web-1 was replaced',
    })
    expect(judge(replaced((it) => it.dnsOf(1, none).end('replace'))).verdict).toBe('fail')
    expect(judge(replaced((it) => it.dnsOf(1).end('replace'))).verdict).toBe('pass')
    expect(judge(replaced((it) => it.end('replace', 'timeout', 'slow'))).verdict).toBe('inconclusive')
  })
})
