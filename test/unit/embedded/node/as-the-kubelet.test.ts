import { describe, expect, it } from 'vitest'
import { aPodCluster, SLEEPER, shell } from './pod-cluster.ts'

// The words were compared with those of a Kubernetes 1.20.2.

const condition = (pod: ReturnType<ReturnType<typeof aPodCluster>['pod']>, type: string) =>
  pod?.status?.conditions?.find((one) => one.type === type)

describe('what a pod is refused', () => {
  it('is said in the words of the kubelet', () => {
    const cluster = aPodCluster()
    const settings = { name: 'settings', items: [{ key: 'z', path: 'z' }] }
    cluster.client.create('configmaps', {
      metadata: { name: 'settings', namespace: 'here' },
      data: { a: '1' },
    })
    cluster.run('volume', { containers: [SLEEPER], volumes: [{ name: 'v', configMap: settings }] })
    expect(cluster.events('volume')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : configmap references non-existent config key: z',
    )
    cluster.run('never', { containers: [{ ...SLEEPER, image: 'busybox:9', imagePullPolicy: 'Never' }] })
    expect(cluster.container('never').state?.waiting?.reason).toBe('ErrImageNeverPull')
    expect(cluster.events('never')).toContain(
      'ErrImageNeverPull: Container image "busybox:9" is not present with pull policy of Never',
    )
    cluster.run('capital', { containers: [{ ...SLEEPER, image: 'Busybox:1.36' }] })
    expect(cluster.container('capital').state?.waiting?.message).toMatch(
      /invalid reference format: repository name must be lowercase$/,
    )
    // No container, no image of it.
    cluster.run('root', { securityContext: { runAsNonRoot: true }, containers: [SLEEPER] })
    expect(cluster.container('root')).toMatchObject({
      imageID: '',
      state: { waiting: { reason: 'CreateContainerConfigError' } },
    })
    const lifecycle = { postStart: { exec: { command: ['sh', '-c', 'echo no; exit 3'] } } }
    cluster.run('hook', { containers: [{ ...SLEEPER, lifecycle }] })
    expect(cluster.events('hook').join('\n')).toContain(
      'error: command \'sh -c echo no; exit 3\' exited with 3: , message: "no\\n"',
    )
  })
})

describe('the last words of a container', () => {
  it('are those in its file, or where the spec says so the end of its log', () => {
    const cluster = aPodCluster()
    const said = (name: string) => cluster.container(name).state?.terminated?.message
    const run = (name: string, script: string, more: object) =>
      cluster.run(name, { restartPolicy: 'Never', containers: [shell(script, more)] })
    run('file', 'echo bye > /tmp/bye', { terminationMessagePath: '/tmp/bye' })
    run('log', 'echo last words; exit 4', { terminationMessagePolicy: 'FallbackToLogsOnError' })
    run('fine', 'echo last words', { terminationMessagePolicy: 'FallbackToLogsOnError' })
    run('plain', 'echo last words; exit 4', {})
    expect(['file', 'log', 'fine', 'plain'].map(said)).toEqual([
      'bye\n',
      'last words\n',
      undefined,
      undefined,
    ])
  })
})

describe('securityContext', () => {
  it('readOnlyRootFilesystem leaves nothing to write but volumes', async () => {
    const cluster = aPodCluster()
    cluster.run('ro', {
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [
        {
          ...SLEEPER,
          securityContext: { readOnlyRootFilesystem: true },
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        },
      ],
    })
    const { out } = await cluster.exec(
      'ro',
      'sh',
      '-c',
      'touch /x 2>&1; mkdir /etc/y 2>&1; touch /v/x && echo written; echo z > /dev/null && echo thrown away',
    )
    expect(out).toBe(
      "touch: /x: Read-only file system\nmkdir: can't create directory '/etc/y': Read-only file system\nwritten\nthrown away\n",
    )
  })

  it('fsGroup gives a volume, and what is made in it, to the group that the processes are of', async () => {
    const cluster = aPodCluster()
    cluster.run('user', {
      securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000 },
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [{ ...SLEEPER, volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    })
    const { out } = await cluster.exec('user', 'sh', '-c', 'id; touch /v/a; ls -ldn /v /v/a | cut -c1-38')
    expect(out).toBe(
      'uid=1000 gid=3000 groups=2000,3000\ndrwxrwsrwx    2 0        2000         \n-rw-r--r--    1 1000     2000         \n',
    )
  })
})

describe('the downward API', () => {
  it('counts resources in the units that are asked for', async () => {
    const cluster = aPodCluster()
    const divided = (resource: string, divisor: string) => ({
      resourceFieldRef: { containerName: 'main', resource, divisor },
    })
    cluster.run('down', {
      volumes: [{ name: 'd', downwardAPI: { items: [{ path: 'cpu', ...divided('limits.cpu', '1m') }] } }],
      containers: [
        {
          ...SLEEPER,
          resources: { requests: { memory: '32Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
          env: [
            { name: 'CPU', valueFrom: divided('limits.cpu', '0') },
            { name: 'MEM', valueFrom: divided('requests.memory', '1Mi') },
          ],
          volumeMounts: [{ name: 'd', mountPath: '/d' }],
        },
      ],
    })
    expect((await cluster.exec('down', 'sh', '-c', 'echo $CPU $MEM $(cat /d/cpu)')).out).toBe('1 32 200\n')
  })
})

describe('a pod with readiness gates', () => {
  it('is ready when somebody says so', () => {
    const cluster = aPodCluster()
    cluster.run('gate', { readinessGates: [{ conditionType: 'example.com/ok' }], containers: [SLEEPER] })
    expect(condition(cluster.pod('gate'), 'ContainersReady')?.status).toBe('True')
    expect(condition(cluster.pod('gate'), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/ok" does not exist.',
    })
    const pod = cluster.pod('gate')
    if (pod !== null)
      cluster.client.changeStatus<typeof pod>('pods', pod, (copy) => {
        copy.status?.conditions?.push({ type: 'example.com/ok', status: 'True' })
      })
    cluster.seconds(1)
    expect(condition(cluster.pod('gate'), 'Ready')?.status).toBe('True')
  })
})

describe('a sidecar', () => {
  const inits = (cluster: ReturnType<typeof aPodCluster>, name: string) =>
    cluster.pod(name)?.status?.initContainerStatuses ?? []
  const sidecar = (script: string, name = 'helper', more: object = {}) =>
    shell(script, { name, restartPolicy: 'Always', ...more })
  const STAYS = "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"

  it('starts before the main container, stays, and ends after it', () => {
    const cluster = aPodCluster()
    const startupProbe = {
      exec: { command: ['test', '-f', '/tmp/up'] },
      periodSeconds: 1,
      failureThreshold: 30,
    }
    cluster.run('a', {
      initContainers: [sidecar(`sleep 5; touch /tmp/up; ${STAYS}`, 'helper', { startupProbe })],
      containers: [SLEEPER],
    })
    expect(cluster.container('a').state?.waiting?.reason).toBe('PodInitializing')
    expect(condition(cluster.pod('a'), 'Initialized')?.status).toBe('False')
    cluster.seconds(10)
    expect(inits(cluster, 'a')).toMatchObject([{ name: 'helper', ready: true, started: true }])
    expect(cluster.pod('a')?.status?.phase).toBe('Running')
    cluster.remove('a')
    cluster.seconds(3)
    expect(cluster.pod('a')).toBeNull()
    expect(cluster.events('a').filter((event) => event.startsWith('Killing'))).toEqual([
      'Killing: Stopping container main',
      'Killing: Stopping container helper',
    ])
  })

  it('is restarted when it ends, and ended when the main container has run to its end', () => {
    const cluster = aPodCluster()
    cluster.run('job', {
      restartPolicy: 'Never',
      initContainers: [sidecar('sleep 3; exit 1', 'falls'), sidecar(STAYS)],
      containers: [shell('sleep 8')],
    })
    cluster.seconds(4)
    expect(inits(cluster, 'job')[0]?.restartCount).toBe(1)
    expect(cluster.pod('job')?.status?.phase).toBe('Running')
    cluster.seconds(20)
    expect(cluster.pod('job')?.status?.phase).toBe('Succeeded')
    expect(inits(cluster, 'job')[1]?.state).toMatchObject({ terminated: { exitCode: 0 } })
  })
})
