import { thesePass } from './support/right-sets.ts'
import { studentSet, WRITE_ONCE } from './support/student-set.ts'

thesePass({
  'writes its identity once': studentSet(),
  'appends a line at every start': studentSet({
    script: 'echo "$(date +%s%N) $HOSTNAME starts" >>/data/log',
  }),
  'becomes ready slowly and mounts a sub-path': studentSet({
    script: `${WRITE_ONCE}; sleep 4; touch /tmp/ready`,
    container: {
      volumeMounts: [{ name: 'data', mountPath: '/data', subPath: 'own' }],
      readinessProbe: {
        exec: { command: ['test', '-f', '/tmp/ready'] },
        periodSeconds: 1,
        failureThreshold: 1,
      },
    },
  }),
})
