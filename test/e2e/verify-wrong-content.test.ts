import { studentSet, WRITE_ONCE } from './support/student-set.ts'
import { theseFail } from './support/wrong-sets.ts'

theseFail({
  'writes the same content everywhere': {
    yaml: studentSet({ script: '[ -f /data/id ] || echo "web-0 web-1 web-2" >/data/id' }),
    expected: { failed: [4], undecided: [], constraints: ['identity-proof'] },
    reason: /same/i,
  },
  'rewrites its content at every start': {
    yaml: studentSet({ script: 'echo "Pod: $HOSTNAME, $(date +%s%N)" >/data/id' }),
    expected: { failed: [6, 10], undecided: [], constraints: [] },
    reason: /anew|rewritten/,
  },
  'rewrites the very same bytes at every start': {
    yaml: studentSet({ script: 'echo "Pod: $HOSTNAME" >/data/id' }),
    expected: { failed: [6, 10], undecided: [], constraints: [] },
    reason: /anew|rewritten/,
  },
  'writes on a volume of its image, not on its claim': {
    yaml: studentSet({ script: WRITE_ONCE.replaceAll('/data', '/tmp') }),
    expected: { failed: [4], undecided: [6, 10], constraints: ['identity-proof'] },
    reason: /no file|empty/i,
  },
  'links its claim to a file of the image': {
    yaml: studentSet({ script: 'echo "I am $HOSTNAME" >/tmp/id; ln -sf /tmp/id /data/id' }),
    expected: { failed: [4], undecided: [6, 10], constraints: ['identity-proof'] },
    reason: /no file|empty/i,
  },
})
