import { studentSet } from './support/student-set.ts'
import { theseFail } from './support/wrong-sets.ts'

theseFail({
  'has a service with a cluster IP': {
    yaml: studentSet({ clusterIP: '' }),
    expected: { failed: [5], undecided: [], constraints: ['headless-service'] },
    reason: /headless/i,
  },
  'names a service that does not exist': {
    yaml: studentSet({ serviceName: 'wbe' }),
    expected: { failed: [5], undecided: [], constraints: ['headless-service'] },
    reason: /wbe/,
  },
  'has a service that selects other pods': {
    yaml: studentSet({ serviceSelector: { app: 'wbe' } }),
    expected: { failed: [5], undecided: [], constraints: [] },
    reason: /select/i,
  },
  'has two replicas': {
    yaml: studentSet({ replicas: 2 }),
    expected: { failed: [], undecided: [], constraints: ['replicas'] },
    reason: /2/,
  },
})
