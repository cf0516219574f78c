import { claimTemplate, studentSet } from './support/student-set.ts'
import { theseFail } from './support/wrong-sets.ts'

const onEmptyDir = { volumes: [{ name: 'data', emptyDir: {} }] }

theseFail({
  'keeps its data in an emptyDir': {
    yaml: studentSet({ templates: null, pod: onEmptyDir }),
    expected: { failed: [3, 4, 6, 10], undecided: [9], constraints: ['storage', 'identity-proof'] },
    reason: /claim template|volumeClaimTemplates/,
  },
  'has one claim for all pods': {
    yaml: studentSet({
      templates: null,
      before: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'shared' },
          spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '50Mi' } } },
        },
      ],
      pod: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'shared' } }] },
      script: 'echo "$HOSTNAME" >/data/$HOSTNAME',
    }),
    expected: { failed: [3, 4, 6, 10], undecided: [9], constraints: ['storage', 'identity-proof'] },
    reason: /claim template|volumeClaimTemplates|shared/,
  },
  'asks for too small a volume': {
    yaml: studentSet({ templates: [claimTemplate('data', '49Mi')] }),
    expected: { failed: [], undecided: [], constraints: ['storage'] },
    reason: /49Mi/,
  },
})
