import type { CriterionResult, EvidenceItem, VerifyResult } from '../../../src/result.ts'
import { cite } from '../../../src/timeline/cite.ts'
import type { Observation } from '../../../src/timeline/observation.ts'

export const criteria = [
  {
    id: 'sequential-creation',
    why: 'A database that elects a first member relies on web-0 being up before web-1 asks for it. Without that order two members may both believe they are first.',
  },
  { id: 'dns-resolution', why: 'Peers find each other by name: the address changes, the name stays.' },
] as const

const quote = (observations: readonly Observation[], ...seqs: number[]): EvidenceItem[] =>
  observations.filter(({ seq }) => seqs.includes(seq)).map(cite)

export const aCriterion = (fields: Partial<CriterionResult> = {}): CriterionResult => ({
  number: 1,
  id: 'pod-naming',
  title: 'Pod naming',
  verdict: 'pass',
  reason: 'web-0, web-1 and web-2 are there, each with its name as its hostname',
  expected: 'web-0, web-1, web-2',
  actual: 'web-0, web-1, web-2',
  hint: null,
  durationMs: 12,
  evidence: [],
  ...fields,
})

export const aResult = (fields: Partial<VerifyResult> = {}): VerifyResult => ({
  schemaVersion: 1,
  tool: { name: 'sts-lab', version: '0.1.0' },
  lab: 'section3',
  cluster: {
    context: 'kind-lab',
    server: 'https://127.0.0.1:6443',
    version: 'v1.31.2',
    provider: 'kind',
    simulated: false,
  },
  target: { namespace: 'statefulset-lab', statefulSet: 'web', uid: 'set-uid' },
  startedAt: '2026-11-20T20:31:07.000Z',
  durationMs: 21_345,
  constraints: [],
  criteria: [aCriterion()],
  summary: { passed: 1, failed: 0, inconclusive: 0, score: 100, maxScore: 100 },
  error: null,
  ...fields,
})

/** Eight passes, one failure, one that could not be decided, and a constraint that is not met. */
export function aMixedResult(observations: readonly Observation[]): VerifyResult {
  const pass = (number: number, id: CriterionResult['id'], title: string, reason: string): CriterionResult =>
    aCriterion({ number, id, title, reason, evidence: quote(observations, 2) })
  return aResult({
    constraints: [
      {
        id: 'headless',
        title: 'Headless service',
        verdict: 'pass',
        reason: 'service nginx has clusterIP None',
      },
      { id: 'replicas', title: 'At least three replicas', verdict: 'pass', reason: 'the set asks for 3' },
      {
        id: 'storage',
        title: 'At least 50Mi per pod',
        verdict: 'fail',
        reason: 'template www asks for 10Mi',
      },
    ],
    criteria: [
      pass(
        1,
        'pod-naming',
        'Pod naming',
        'web-0, web-1 and web-2 are there, each with its name as its hostname',
      ),
      aCriterion({
        number: 2,
        id: 'sequential-creation',
        title: 'Pods are created one after the other',
        verdict: 'fail',
        reason: 'web-1 was added (#35) before web-0 was ready (#38)',
        expected: 'each pod is added only after its predecessor is ready',
        actual: 'web-1 was added 1.560 s before web-0 was ready',
        hint: 'Leave podManagementPolicy out, or set it to OrderedReady, and create the set anew: it cannot be changed on an existing set.',
        evidence: quote(observations, 34, 35, 37, 38),
      }),
      pass(
        3,
        'persistent-storage',
        'Persistent storage',
        'each pod has its own Bound claim on its own volume',
      ),
      pass(4, 'storage-content', 'Storage content', 'index.html on each claim names its pod'),
      aCriterion({
        number: 5,
        id: 'dns-resolution',
        title: 'DNS resolution',
        verdict: 'inconclusive',
        reason: 'the probe pod could not be started: image busybox:1.36 cannot be pulled (ImagePullBackOff)',
        expected: 'web-0.nginx.statefulset-lab.svc.cluster.local resolves to 10.2.0.4',
        actual: 'nothing could be asked',
        hint: 'Name an image that the cluster has: sts-lab verify --probe-image nginx:1.21',
      }),
      pass(
        6,
        'identity-persistence',
        'Identity persistence',
        'web-1 came back with the same claim, volume and content',
      ),
      pass(7, 'ordered-scale-up', 'Ordered scale-up', 'web-4 was added after web-3 was ready'),
      pass(
        8,
        'ordered-scale-down',
        'Ordered scale-down',
        'web-4, web-3, web-2, web-1, web-0, each after the one before was gone',
      ),
      pass(9, 'pvc-retention', 'Claims are kept', 'all 5 claims were still there 2 s after the scale-down'),
      pass(
        10,
        'pvc-reuse',
        'Returning pods reuse their claims’ volumes',
        'web-0, web-1 and web-2 have the claims, volumes and content they had',
      ),
    ],
    summary: { passed: 8, failed: 1, inconclusive: 1, score: 80, maxScore: 100 },
  })
}
