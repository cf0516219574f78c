import { thesePass } from './support/right-sets.ts'
import { asScript, claimTemplate, studentSet, WRITE_ONCE } from './support/student-set.ts'

thesePass({
  'has no shell in the container that runs, an init container writes': studentSet({
    image: 'registry.k8s.io/pause:3.6',
    container: { command: ['/pause'] },
    pod: {
      initContainers: [
        {
          name: 'write',
          image: 'busybox:1.36',
          command: ['sh', '-c', WRITE_ONCE],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
    },
  }),
  'writes from a sidecar, into a sub-folder, on the second of two templates': studentSet({
    script: ':',
    container: { volumeMounts: [{ name: 'cache', mountPath: '/cache' }] },
    pod: {
      containers: [
        {
          name: 'main',
          image: 'registry.k8s.io/pause:3.6',
          command: ['/pause'],
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
        },
        {
          name: 'sidecar',
          image: 'busybox:1.36',
          command: asScript(
            'mkdir -p /var/id/deep/er; [ -f /var/id/deep/er/me ] || echo "$HOSTNAME since $(date +%s%N)" >/var/id/deep/er/me',
          ),
          volumeMounts: [{ name: 'data', mountPath: '/var/id' }],
        },
      ],
    },
    templates: [claimTemplate('cache', '10Mi'), claimTemplate('data', '50Mi')],
  }),
  'shares a scratch volume inside the claim and has a claim it mounts read-only': studentSet({
    container: {
      volumeMounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'scratch', mountPath: '/data/scratch' },
      ],
    },
    pod: { volumes: [{ name: 'scratch', emptyDir: {} }] },
  }),
  'runs without root in a file system it may not write to': studentSet({
    container: {
      securityContext: {
        runAsUser: 1000,
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
      },
    },
    pod: {
      securityContext: { fsGroup: 1000 },
      initContainers: [
        {
          name: 'own',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'chown 1000 /data'],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
    },
  }),
})
