import { aPodTemplate, aService, LABELS, studentSet, toYaml } from './support/student-set.ts'
import { theseFail } from './support/wrong-sets.ts'

const ALL_BUT_FIRST = [2, 3, 4, 5, 6, 7, 8, 9, 10]
const onEmptyDir = { volumes: [{ name: 'data', emptyDir: {} }] }

theseFail({
  'starts and stops its pods in parallel': {
    yaml: studentSet({ set: { podManagementPolicy: 'Parallel' } }),
    expected: { failed: [2, 7, 8], undecided: [], constraints: [] },
    reason: /web-1 was added .*before web-0 was ready/,
  },
  'is a Deployment': {
    yaml: toYaml([
      aService(),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web' },
        spec: { replicas: 3, selector: { matchLabels: LABELS }, template: aPodTemplate({ pod: onEmptyDir }) },
      },
    ]),
    expected: {
      failed: [1],
      undecided: ALL_BUT_FIRST,
      constraints: ['statefulset-exists'],
    },
    reason: /StatefulSet/,
  },
  'is three bare pods with the right names': {
    yaml: toYaml([
      aService(),
      ...[0, 1, 2].map((ordinal) => {
        const { metadata, spec } = aPodTemplate({ pod: onEmptyDir })
        return {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata, name: `web-${ordinal}` },
          spec: { ...spec, hostname: `web-${ordinal}`, subdomain: 'web' },
        }
      }),
    ]),
    expected: {
      failed: [1],
      undecided: ALL_BUT_FIRST,
      constraints: ['statefulset-exists'],
    },
    reason: /StatefulSet/,
  },
})
