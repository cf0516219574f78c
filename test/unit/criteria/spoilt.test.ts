import { describe, expect, it } from 'vitest'
import type { CriterionId, Verdict } from '../../../src/criteria/criterion.ts'
import { criteria } from '../../../src/criteria/index.ts'
import type { Observation } from '../../../src/timeline/observation.ts'
import { aService, TARGET } from '../../helpers/builders.ts'
import { perfectPass, renumber } from '../../helpers/perfect-pass.ts'
import { aFile } from '../../helpers/script.ts'

/** One fault in an otherwise perfect recording, and exactly what it must change. */
interface Spoilt {
  readonly fault: string
  readonly observations: readonly Observation[]
  readonly verdicts: Partial<Record<CriterionId, Exclude<Verdict, 'pass'>>>
}

/** Changes each reading of contents as if the pods had written it so. */
const contents = (
  change: (
    reading: Extract<Observation, { type: 'reading' }>['reading'] & { read: 'content' },
    nth: number,
  ) => object,
  observations = perfectPass(),
): Observation[] => {
  const seen = new Map<string, number>()
  return observations.map((each) => {
    if (each.type !== 'reading' || each.reading.read !== 'content') return each
    const nth = seen.get(each.reading.pod) ?? 0
    seen.set(each.reading.pod, nth + 1)
    return { ...each, reading: { ...each.reading, ...change(each.reading, nth) } }
  })
}

const services = (facts: Parameters<typeof aService>[0]): Observation[] =>
  perfectPass().map((each) =>
    each.stream === 'services' && each.type !== 'gap' ? { ...each, object: aService(facts) } : each,
  )

const storageFaults = {
  'persistent-storage': 'fail',
  'storage-content': 'fail',
  'identity-persistence': 'fail',
} as const
const orderFaults = {
  'sequential-creation': 'fail',
  'ordered-scale-up': 'fail',
  'ordered-scale-down': 'fail',
} as const
const everything = Object.fromEntries(criteria.map(({ id }) => [id, 'inconclusive'])) as Record<
  CriterionId,
  'inconclusive'
>

const SPOILT: readonly Spoilt[] = [
  {
    fault: 'another hostname',
    observations: perfectPass().map((each) =>
      each.stream === 'pods' && each.type !== 'gap' && each.object.name === 'web-1'
        ? { ...each, object: { ...each.object, hostname: 'localhost' } }
        : each,
    ),
    verdicts: { 'pod-naming': 'fail' },
  },
  {
    fault: 'a pod of the set with no number',
    observations: perfectPass({
      baseline: (script) => {
        script.lists(3).pod(7, 'listed', { name: 'web-x', uid: 'odd' }).begin('baseline')
        for (const ordinal of [0, 1, 2]) script.writesToken(ordinal).content(ordinal)
        script.dns([0, 1, 2]).end('baseline').pod(7, 'deleted', { name: 'web-x', uid: 'odd' })
      },
    }),
    verdicts: { 'pod-naming': 'fail' },
  },
  {
    fault: 'web-2 created before web-1 is ready',
    observations: perfectPass({
      regrow: (script) => {
        script.begin('regrow').scale(0, 3).comesUp(0).pod(1, 'added').pod(2, 'added')
        script.pod(1, 'modified', { ready: true }).pod(2, 'modified', { ready: true })
        for (const ordinal of [0, 1, 2]) script.content(ordinal)
        script.end('regrow')
      },
    }),
    verdicts: { 'sequential-creation': 'fail' },
  },
  {
    fault: 'policy Parallel that happens to be in order',
    observations: perfectPass({}, { podManagementPolicy: 'Parallel' }),
    verdicts: orderFaults,
  },
  {
    fault: 'no claim templates',
    observations: perfectPass({}, { claimTemplates: [] }),
    verdicts: { ...storageFaults, 'pvc-retention': 'inconclusive', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'a claim nobody mounts',
    observations: perfectPass().map((each) =>
      each.stream === 'pods' && each.type !== 'gap'
        ? {
            ...each,
            object: { ...each.object, claims: each.object.claims.map((claim) => ({ ...claim, mounts: [] })) },
          }
        : each,
    ),
    verdicts: { 'persistent-storage': 'fail' },
  },
  {
    fault: 'two claims on one volume',
    observations: perfectPass().map((each) =>
      each.stream === 'claims' && each.type !== 'gap' && each.object.phase === 'Bound'
        ? { ...each, object: { ...each.object, volumeName: 'pv-shared' } }
        : each,
    ),
    verdicts: { 'persistent-storage': 'fail' },
  },
  {
    fault: 'claims whose volumes are one store: our token shows up on another',
    observations: contents((reading) => ({
      tokens: { ...reading.tokens, '.sts-lab-token-web-0': 'token web-0\n' },
    })),
    verdicts: { 'persistent-storage': 'fail' },
  },
  {
    fault: 'the same content everywhere',
    observations: contents(() => ({ files: [aFile({ text: 'hello\n' })] })),
    verdicts: {
      'storage-content': 'fail',
      'identity-persistence': 'inconclusive',
      'pvc-reuse': 'inconclusive',
    },
  },
  {
    fault: 'empty volumes',
    observations: contents(() => ({ files: [], fileCount: 0 })),
    verdicts: {
      'storage-content': 'fail',
      'identity-persistence': 'inconclusive',
      'pvc-reuse': 'inconclusive',
    },
  },
  {
    fault: 'content rewritten at each start, with the date',
    observations: contents(({ pod }, nth) => ({ files: [aFile({ text: `${pod}\nstart ${nth}\n` })] })),
    verdicts: { 'identity-persistence': 'fail', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'content rewritten at each start with the same bytes',
    observations: contents(({ pod }, nth) => ({
      files: [aFile({ text: `${pod}\n`, modified: `${1700000000 + nth}` })],
    })),
    verdicts: { 'identity-persistence': 'fail', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'content that the pod before left is deleted at start',
    observations: contents((reading, nth) => (nth === 0 ? reading : { files: [], fileCount: 0 })),
    verdicts: { 'identity-persistence': 'fail', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'a wrong address in DNS',
    observations: perfectPass({
      baseline: (script) => {
        script.lists(3).begin('baseline')
        for (const ordinal of [0, 1, 2]) script.writesToken(ordinal).content(ordinal)
        script
          .dns([0, 2])
          .dnsOf(1, { addresses: ['10.0.1.2'] })
          .end('baseline')
      },
    }),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'a name that stays with the old pod’s address',
    observations: perfectPass({
      replace: (script) => {
        script.begin('replace').deletes(1).goes(1).comesUp(1).content(1)
        script.dnsOf(1, { addresses: ['10.0.1.1'] }).end('replace')
      },
    }),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'no service',
    observations: perfectPass().filter(({ stream }) => stream !== 'services'),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'a service of another name',
    observations: services({ name: 'other' }),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'a service with a virtual IP',
    observations: services({ headless: false, clusterIP: '10.96.0.7' }).map((each) =>
      each.type === 'reading' && each.reading.read === 'dns' && each.reading.pod === null
        ? { ...each, reading: { ...each.reading, addresses: ['10.96.0.7'] } }
        : each,
    ),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'no serviceName',
    observations: perfectPass({}, { serviceName: '' }),
    verdicts: { 'dns-resolution': 'fail' },
  },
  {
    fault: 'the claim replaced with the pod',
    observations: perfectPass({
      replace: (script) => {
        script.begin('replace').deletes(1).goes(1).claim(1, 'deleted').claim(1, 'added', { uid: 'another' })
        script.comesUp(1).content(1).dns([0, 1, 2]).end('replace')
      },
    }),
    verdicts: { 'identity-persistence': 'fail' },
  },
  {
    fault: 'the volume made anew under its name',
    observations: perfectPass({
      replace: (script) => {
        script
          .begin('replace')
          .deletes(1)
          .goes(1)
          .comesUp(1)
          .volume(1, 'anew')
          .content(1)
          .dns([0, 1, 2])
          .end('replace')
      },
      regrow: (script) => {
        script.begin('regrow').scale(0, 3)
        for (const ordinal of [0, 1, 2]) script.comesUp(ordinal).content(ordinal)
        script.end('regrow')
      },
    }),
    verdicts: { 'identity-persistence': 'fail' },
  },
  {
    fault: 'web-4 created before web-3 is ready',
    observations: perfectPass({
      grow: (script) => {
        script.begin('grow').scale(3, 5).claim(3, 'added').claim(4, 'added').pod(3, 'added').pod(4, 'added')
        script.pod(3, 'modified', { ready: true }).pod(4, 'modified', { ready: true }).end('grow')
      },
    }),
    verdicts: { 'ordered-scale-up': 'fail' },
  },
  {
    fault: 'an old pod replaced while growing',
    observations: perfectPass({
      grow: (script) => {
        script.begin('grow').scale(3, 5).comesUp(3).goes(0).comesUp(0).comesUp(4).end('grow')
      },
    }),
    verdicts: { 'ordered-scale-up': 'fail' },
  },
  {
    fault: 'web-3 terminated before web-4 is gone',
    observations: perfectPass({
      shrink: (script) => {
        script.begin('shrink').scale(5, 0)
        script.pod(4, 'modified', { terminating: true }).pod(3, 'modified', { terminating: true })
        script.pod(4, 'deleted').pod(3, 'deleted').goes(2).goes(1).goes(0).end('shrink')
      },
    }),
    verdicts: { 'ordered-scale-down': 'fail' },
  },
  {
    fault: 'the lowest first',
    observations: perfectPass({
      shrink: (script) => {
        script.begin('shrink').scale(5, 0)
        for (const ordinal of [0, 1, 2, 3, 4]) script.goes(ordinal)
        script.end('shrink')
      },
    }),
    verdicts: { 'ordered-scale-down': 'fail' },
  },
  {
    fault: 'a claim marked for deletion while shrinking',
    observations: perfectPass({
      shrink: (script) => {
        script.begin('shrink').scale(5, 0).claim(2, 'modified', { deletionTimestamp: '2026-01-01T00:00:00Z' })
        for (const ordinal of [4, 3, 2, 1, 0]) script.goes(ordinal)
        script.end('shrink')
      },
    }),
    verdicts: { 'pvc-retention': 'fail' },
  },
  {
    fault: 'a claim deleted after the shrink and made anew',
    observations: perfectPass({
      regrow: (script) => {
        script.begin('regrow').scale(0, 3).claim(2, 'deleted').claim(2, 'added', { uid: 'another' })
        for (const ordinal of [0, 1, 2]) script.comesUp(ordinal)
        for (const ordinal of [0, 1, 2]) script.content(ordinal)
        script.end('regrow')
      },
    }),
    verdicts: { 'pvc-retention': 'fail', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'whenScaled: Delete',
    observations: perfectPass({}, { retention: { whenDeleted: 'Retain', whenScaled: 'Delete' } }),
    verdicts: { 'pvc-retention': 'fail' },
  },
  {
    fault: 'our token gone after growing back',
    observations: contents((_, nth) => (nth === 0 ? {} : { tokens: {} })),
    verdicts: { 'identity-persistence': 'fail', 'pvc-reuse': 'fail' },
  },
  {
    fault: 'claims that cannot be read',
    observations: perfectPass().map((each) =>
      each.type === 'reading' && each.reading.read === 'content'
        ? {
            ...each,
            reading: {
              read: 'unreadable',
              pod: each.reading.pod,
              podUid: each.reading.podUid,
              claim: each.reading.claim,
              template: each.reading.template,
              reason: 'no shell',
            },
          }
        : each,
    ),
    verdicts: {
      'storage-content': 'inconclusive',
      'identity-persistence': 'inconclusive',
      'pvc-reuse': 'inconclusive',
    },
  },
  {
    fault: 'DNS that could not be asked',
    observations: perfectPass().map((each) =>
      each.type === 'reading' && each.reading.read === 'dns'
        ? { ...each, reading: { read: 'dns-unavailable', reason: 'no probe image' } }
        : each,
    ),
    verdicts: { 'dns-resolution': 'inconclusive' },
  },
  {
    fault: 'somebody else scaling while it grows',
    observations: perfectPass({
      grow: (script) => {
        script.begin('grow').scale(3, 5).comesUp(3).set('modified', { replicas: 6 }).comesUp(4)
        script.set('modified', { replicas: 5 }).end('grow')
      },
    }),
    verdicts: { 'ordered-scale-up': 'inconclusive' },
  },
  {
    fault: 'a gap in the pods stream while growing back',
    observations: perfectPass({
      regrow: (script) => {
        script.begin('regrow').scale(0, 3).comesUp(0).gap('pods').pod(0, 'listed').pod(1, 'listed').comesUp(2)
        script.pod(1, 'modified', { ready: true })
        for (const ordinal of [0, 1, 2]) script.content(ordinal)
        script.end('regrow')
      },
    }),
    verdicts: { 'sequential-creation': 'inconclusive' },
  },
  {
    fault: 'a set that never came up',
    observations: perfectPass({
      baseline: (script) => {
        script
          .lists(0)
          .begin('baseline')
          .claim(0, 'added')
          .pod(0, 'added')
          .end('baseline', 'hopeless', 'web-0: ErrImagePull')
      },
      replace: null,
    }),
    verdicts: everything,
  },
]

describe('a recording with one fault', () => {
  it.each(SPOILT.map((spoilt) => [spoilt.fault, spoilt] as const))(
    '%s changes exactly the verdicts it should',
    (_, spoilt) => {
      const observations = renumber(spoilt.observations)
      const expected = Object.fromEntries(criteria.map(({ id }) => [id, spoilt.verdicts[id] ?? 'pass']))
      const judgements = criteria.map(
        (criterion) => [criterion.id, criterion.judge({ observations, target: TARGET })] as const,
      )
      expect(Object.fromEntries(judgements.map(([id, { verdict }]) => [id, verdict]))).toEqual(expected)
      for (const [, judgement] of judgements)
        if (judgement.verdict === 'fail') expect(judgement.evidence.length).toBeGreaterThan(0)
    },
  )

  it('is tried for each criterion, as a fail and as inconclusive', () => {
    for (const verdict of ['fail', 'inconclusive'] as const)
      expect(criteria.filter(({ id }) => !SPOILT.some((spoilt) => spoilt.verdicts[id] === verdict))).toEqual(
        [],
      )
  })
})
