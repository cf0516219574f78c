import { describe, expect, it } from 'vitest'
import type { EvidenceItem } from '../../../src/result.ts'
import { cite, citeAll } from '../../../src/timeline/cite.ts'
import { anEvent } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { aFile, Script } from '../../helpers/script.ts'

const details = (script: Script) =>
  script.observations.map((each) => `${cite(each).object}: ${cite(each).detail}`)

describe('citing an observation', () => {
  it('says in one line what it is about', () => {
    const script = new Script()
      .lists(1)
      .comesUp(1)
      .pod(1, 'modified', { terminating: true })
      .pod(1, 'deleted')
    expect(details(script)).toEqual([
      'service/web-svc: headless',
      'statefulset/web: replicas 3, 3 ready, policy OrderedReady',
      'claim/data-web-0: phase Bound, volume pv-data-web-0',
      'pod/web-0: ready, IP 10.0.1.0',
      'claim/data-web-1: phase Pending',
      'claim/data-web-1: phase Bound, volume pv-data-web-1',
      'pod/web-1: not ready, phase Pending',
      'pod/web-1: ready, IP 10.0.1.1',
      'pod/web-1: terminating',
      'pod/web-1: gone',
    ])
  })

  it('tells of the run: phases, actions, readings and gaps', () => {
    const script = new Script()
      .begin('grow')
      .scale(3, 5)
      .gap('pods')
      .pod(1, 'added')
      .deletes(1)
      .dnsOf(1, { addresses: [], status: 'none' })
    script.content(1).end('grow', 'timeout', 'no luck')
    expect(details(script)).toEqual([
      'run: grow begins',
      'run: scaled web from 3 to 5',
      'statefulset/web: replicas 5, 3 ready, policy OrderedReady',
      'pods: not watched for a while: 410 Gone',
      'pod/web-1: not ready, phase Pending',
      'pod/web-1: deleted web-1',
      'pod/web-1: web-1.web-svc.lab.svc.cluster.local → no address',
      'pod/web-1: data-web-1 holds 1 file; id.txt: this is web-1',
      'run: grow ends: timeout, no luck',
    ])
  })

  it('never lets through what could drive a terminal', () => {
    const script = new Script().content(0, {
      files: [aFile({ path: '\u001b]0;x', text: '\u001b[2J\u202e\n' })],
    })
    script.add({ stream: 'events', type: 'added', object: anEvent({ message: 'a\u0007b\nc' }) })
    for (const each of script.observations)
      expect(Object.values(cite(each)).join(' ')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(details(script)[0]).toContain('\\x1b[2J')
  })

  it('fits what a result quotes', () => {
    const items: EvidenceItem[] = perfectPass().map(cite)
    expect(items.every((item) => item.detail.length <= 200 && item.object !== '')).toBe(true)
  })

  it('keeps the order and leaves out positions that do not exist', () => {
    expect(citeAll(perfectPass(), [5, 3, 99_999]).map((item) => item.seq)).toEqual([3, 5])
  })
})
