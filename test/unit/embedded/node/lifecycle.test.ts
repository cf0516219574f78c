import { describe, expect, it } from 'vitest'
import { aPodCluster, SLEEPER, shell } from './pod-cluster.ts'

const conditions = (pod: ReturnType<ReturnType<typeof aPodCluster>['pod']>) =>
  Object.fromEntries((pod?.status?.conditions ?? []).map(({ type, status }) => [type, status]))

describe('a pod that is bound to the node', () => {
  it('gets an address and runs its command', async () => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [SLEEPER] })
    expect(cluster.pod('a')?.status).toMatchObject({
      phase: 'Running',
      podIP: '10.244.0.2',
      hostIP: '10.244.0.1',
    })
    expect(conditions(cluster.pod('a'))).toEqual({
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
      PodScheduled: 'True',
    })
    expect(cluster.container('a')).toMatchObject({
      ready: true,
      started: true,
      restartCount: 0,
      image: 'docker.io/library/busybox:1.36',
    })
    expect(cluster.events('a')).toEqual(
      expect.arrayContaining([
        'Pulled: Container image "busybox:1.36" already present on machine',
        'Created: Created container main',
        'Started: Started container main',
      ]),
    )
    expect(
      await cluster.exec(
        'a',
        'sh',
        '-c',
        'hostname; echo $HOSTNAME; hostname -i; cat /etc/resolv.conf; exit 3',
      ),
    ).toEqual({
      out: 'a\na\n10.244.0.2\nsearch here.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
      err: '',
      end: { exitCode: 3 },
    })
    expect((await cluster.exec('a', 'nosuch')).end).toEqual({
      failure: expect.stringContaining('exec: "nosuch": executable file not found in $PATH: unknown'),
    })
  })

  it('that traps the signal goes at once, with what it said last', async () => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [SLEEPER] })
    cluster.remove('a')
    cluster.seconds(1)
    expect(cluster.pod('a')).toBeNull()
  })

  it('whose process 1 is a shell without a trap takes its whole grace period', () => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [shell('while :; do sleep 1; done')], terminationGracePeriodSeconds: 7 })
    cluster.remove('a')
    cluster.seconds(6)
    expect(cluster.pod('a')?.status?.phase).toBe('Running')
    cluster.seconds(2)
    expect(cluster.pod('a')).toBeNull()
  })

  it.each([
    ['exec nginx', 'nginx:1.21', "trap '' HUP; exec nginx -g 'daemon off;'"],
    ['a trap for the signal of the image', 'nginx:1.21', "trap 'exit 0' TERM QUIT; httpd -f -p 80 & wait $!"],
  ])('goes at once with %s', (_, image, script) => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [shell(script, { image })] })
    expect(cluster.pod('a')?.status?.phase).toBe('Running')
    cluster.remove('a')
    cluster.seconds(1)
    expect(cluster.pod('a')).toBeNull()
  })

  it('can have its time cut short', () => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [shell('sleep 3600')] })
    cluster.remove('a')
    cluster.seconds(3)
    expect(cluster.pod('a')).not.toBeNull()
    cluster.remove('a', 1)
    cluster.seconds(2)
    expect(cluster.pod('a')).toBeNull()
  })

  it('that crashes is restarted at once, then after 10 s, 20 s …', async () => {
    const cluster = aPodCluster()
    cluster.run('a', { containers: [shell('echo run; exit 3')] })
    cluster.seconds(2)
    expect(cluster.container('a')).toMatchObject({
      restartCount: 1,
      ready: false,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: expect.stringMatching(/^back-off 10s restarting failed container=main pod=a_here\(.+\)$/),
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    })
    expect(cluster.pod('a')?.status?.phase).toBe('Running')
    cluster.seconds(10)
    expect(cluster.container('a')).toMatchObject({
      restartCount: 2,
      state: { waiting: { message: expect.stringContaining('back-off 20s') } },
    })
    cluster.seconds(15)
    expect(cluster.container('a').restartCount).toBe(2)
    cluster.seconds(6)
    expect(cluster.container('a').restartCount).toBe(3)
    expect(await cluster.logs('a')).toBe('run\n')
    expect(await cluster.logs('a', { previous: true })).toBe('run\n')
  })

  it('that ends is Succeeded or Failed where it is not to be restarted', () => {
    const cluster = aPodCluster()
    cluster.run('good', { restartPolicy: 'Never', containers: [shell('exit 0')] })
    cluster.run('bad', { restartPolicy: 'Never', containers: [shell('exit 4')] })
    cluster.run('late', {
      restartPolicy: 'Never',
      activeDeadlineSeconds: 5,
      terminationGracePeriodSeconds: 1,
      containers: [shell('sleep 100')],
    })
    cluster.seconds(8)
    expect(cluster.pod('good')?.status?.phase).toBe('Succeeded')
    expect(cluster.pod('bad')?.status?.phase).toBe('Failed')
    expect(cluster.container('bad').state?.terminated).toMatchObject({ exitCode: 4, reason: 'Error' })
    expect(cluster.pod('late')?.status).toMatchObject({ phase: 'Failed', reason: 'DeadlineExceeded' })
    cluster.remove('good')
    cluster.seconds(1)
    expect(cluster.pod('good')).toBeNull()
  })

  it('says in the words of the runtime what it cannot start', async () => {
    const cluster = aPodCluster()
    cluster.run('image', { containers: [{ name: 'main', image: 'nosuch:1' }] })
    cluster.run('tag', { containers: [{ name: 'main', image: 'nginx:9.9' }] })
    cluster.run('command', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['nosuch'] }] })
    cluster.run('key', {
      containers: [
        { ...SLEEPER, env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'nope', key: 'k' } } }] },
      ],
    })
    cluster.run('volume', {
      containers: [{ ...SLEEPER, volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', configMap: { name: 'nope' } }],
    })
    expect(cluster.container('image').state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "nosuch:1"',
    })
    expect(cluster.events('tag').join('\n')).toContain(
      'Failed: Failed to pull image "nginx:9.9": rpc error: code = NotFound desc =',
    )
    expect(cluster.container('command').lastState?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
    })
    expect(cluster.container('key').state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "nope" not found',
    })
    expect(cluster.container('volume').state?.waiting).toEqual({ reason: 'ContainerCreating' })
    expect(cluster.events('volume')).toContain(
      'FailedMount: MountVolume.SetUp failed for volume "v" : configmap "nope" not found',
    )
    cluster.client.create('configmaps', { metadata: { name: 'nope', namespace: 'here' }, data: { k: 'v' } })
    cluster.seconds(15)
    expect(cluster.pod('key')?.status?.phase).toBe('Running')
    expect((await cluster.exec('volume', 'cat', '/v/k')).out).toBe('v')
  })

  it('runs its init containers first, one after the other', async () => {
    const cluster = aPodCluster()
    const mount = { volumeMounts: [{ name: 'v', mountPath: '/v' }] }
    cluster.run('a', {
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [
        { ...shell('sleep 3; echo one >/v/f', mount), name: 'one' },
        { ...shell('echo two >>/v/f', mount), name: 'two' },
      ],
      containers: [{ ...SLEEPER, ...mount }],
    })
    expect(conditions(cluster.pod('a'))).toMatchObject({ Initialized: 'False', Ready: 'False' })
    expect(cluster.container('a').state?.waiting).toEqual({ reason: 'PodInitializing' })
    cluster.seconds(4)
    expect(conditions(cluster.pod('a'))).toMatchObject({ Initialized: 'True', Ready: 'True' })
    expect((await cluster.exec('a', 'cat', '/v/f')).out).toBe('one\ntwo\n')
  })
})

describe('probes', () => {
  it('make a pod ready, and unready, as they find it', async () => {
    const cluster = aPodCluster()
    cluster.run('a', {
      containers: [
        {
          ...SLEEPER,
          readinessProbe: {
            exec: { command: ['test', '-e', '/tmp/up'] },
            periodSeconds: 1,
            failureThreshold: 1,
          },
        },
      ],
    })
    expect(cluster.container('a')).toMatchObject({ ready: false, started: true })
    await cluster.exec('a', 'touch', '/tmp/up')
    expect(cluster.container('a').ready).toBe(true)
    await cluster.exec('a', 'rm', '/tmp/up')
    expect(conditions(cluster.pod('a'))).toMatchObject({ Ready: 'False' })
    expect(cluster.events('a')).toContain('Unhealthy: Readiness probe failed: ')
  })

  it('over HTTP and TCP meet what serves there', () => {
    const cluster = aPodCluster()
    const web = { name: 'main', image: 'nginx:1.21', ports: [{ containerPort: 80, name: 'web' }] }
    cluster.run('good', {
      containers: [{ ...web, readinessProbe: { httpGet: { path: '/', port: 'web' }, periodSeconds: 1 } }],
    })
    cluster.run('lost', {
      containers: [{ ...web, readinessProbe: { httpGet: { path: '/nix', port: 80 }, periodSeconds: 1 } }],
    })
    cluster.run('shut', {
      containers: [{ ...web, readinessProbe: { tcpSocket: { port: 99 }, periodSeconds: 1 } }],
    })
    expect([
      cluster.container('good').ready,
      cluster.container('lost').ready,
      cluster.container('shut').ready,
    ]).toEqual([true, false, false])
    expect(cluster.events('lost')).toContain(
      'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 404',
    )
    expect(cluster.events('shut')).toContain(
      'Unhealthy: Readiness probe failed: dial tcp 10.244.0.4:99: connect: connection refused',
    )
  })

  it('of liveness restart a container, of startup hold the others back', () => {
    const cluster = aPodCluster()
    cluster.run('a', {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          ...SLEEPER,
          livenessProbe: {
            exec: { command: ['sh', '-c', 'echo bad; exit 1'] },
            periodSeconds: 1,
            failureThreshold: 2,
          },
        },
      ],
    })
    cluster.seconds(2)
    expect(cluster.container('a').restartCount).toBe(1)
    expect(cluster.events('a')).toEqual(
      expect.arrayContaining([
        'Unhealthy: Liveness probe failed: bad\n',
        'Killing: Container main failed liveness probe, will be restarted',
      ]),
    )
    cluster.run('b', {
      containers: [
        {
          ...shell("trap 'exit 0' TERM; sleep 4; touch /tmp/up; while :; do sleep 1; done"),
          startupProbe: {
            exec: { command: ['test', '-e', '/tmp/up'] },
            periodSeconds: 1,
            failureThreshold: 30,
          },
        },
      ],
    })
    expect(cluster.container('b')).toMatchObject({ started: false, ready: false })
    cluster.seconds(5)
    expect(cluster.container('b')).toMatchObject({ started: true, ready: true })
  })

  it('hooks run after the start and before the end', async () => {
    const cluster = aPodCluster()
    cluster.run('a', {
      containers: [
        {
          ...SLEEPER,
          lifecycle: {
            postStart: { exec: { command: ['sh', '-c', 'echo hook >/proc/1/fd/1'] } },
            preStop: { exec: { command: ['sleep', '5'] } },
          },
        },
      ],
    })
    expect(await cluster.logs('a')).toBe('hook\n')
    cluster.remove('a')
    cluster.seconds(4)
    expect(cluster.pod('a')).not.toBeNull()
    cluster.seconds(3)
    expect(cluster.pod('a')).toBeNull()
  })
})
