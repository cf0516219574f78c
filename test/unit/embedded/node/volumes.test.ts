import { describe, expect, it } from 'vitest'
import { type ApiObject, at } from '../../../../src/embedded/object.ts'
import { aPodCluster, SLEEPER } from './pod-cluster.ts'

/** A claim and the volume that it is bound to. */
function aBoundClaim({ client }: ReturnType<typeof aPodCluster>, name: string): void {
  client.create('persistentvolumes', {
    metadata: { name: `pv-${name}` },
    spec: {
      capacity: { storage: '1Mi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Delete',
      hostPath: { path: `/volumes/${name}` },
      claimRef: { namespace: 'here', name },
    },
  })
  const claim = client.create<ApiObject>('persistentvolumeclaims', {
    metadata: { name, namespace: 'here' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Mi' } },
      volumeName: `pv-${name}`,
    },
  } as Partial<ApiObject>)
  client.changeStatus<ApiObject>('persistentvolumeclaims', claim, (copy) => {
    Object.assign(copy, { status: { phase: 'Bound' } })
  })
}
const withClaim = (claim: string, mount: object = {}) => ({
  containers: [{ ...SLEEPER, volumeMounts: [{ name: 'v', mountPath: '/data', ...mount }] }],
  volumes: [{ name: 'v', persistentVolumeClaim: { claimName: claim } }],
})

describe('what is on a claim', () => {
  it('outlives the pod: content, time, mode and number of a file', async () => {
    const cluster = aPodCluster()
    aBoundClaim(cluster, 'c')
    cluster.run('a', withClaim('c'))
    const look = 'stat -c "%i %y %a" /data/f; cat /data/f'
    await cluster.exec('a', 'sh', '-c', 'echo once >/data/f; chmod 640 /data/f')
    const first = (await cluster.exec('a', 'sh', '-c', look)).out
    cluster.remove('a')
    cluster.seconds(60)
    cluster.run('a', withClaim('c'))
    expect((await cluster.exec('a', 'sh', '-c', look)).out).toBe(first)
    expect(first).toMatch(/640\nonce\n$/)
  })

  it('has another file number on another claim, and goes with its volume', async () => {
    const cluster = aPodCluster()
    for (const name of ['c', 'd']) {
      aBoundClaim(cluster, name)
      cluster.run(name, withClaim(name))
    }
    const number = async (name: string) =>
      (await cluster.exec(name, 'sh', '-c', 'echo x >/data/f; stat -c %i /data/f')).out
    expect(await number('c')).not.toBe(await number('d'))
    const volume = cluster.client.get<ApiObject>('persistentvolumes', undefined, 'pv-c')
    if (volume !== null) {
      // What the protection controller would take away.
      cluster.client.change<ApiObject>('persistentvolumes', volume, (copy) => {
        copy.metadata.finalizers = []
      })
      cluster.client.remove('persistentvolumes', volume)
    }
    cluster.remove('c')
    cluster.seconds(2)
    const claim = cluster.client.get<ApiObject>('persistentvolumeclaims', 'here', 'c')
    if (claim !== null) {
      cluster.client.change<ApiObject>('persistentvolumeclaims', claim, (copy) => {
        copy.metadata.finalizers = []
      })
      cluster.client.remove('persistentvolumeclaims', claim)
    }
    aBoundClaim(cluster, 'c')
    cluster.run('c', withClaim('c'))
    expect((await cluster.exec('c', 'ls', '/data')).out).toBe('')
  })

  it('fills up, can be read-only, and can be mounted in part', async () => {
    const cluster = aPodCluster()
    aBoundClaim(cluster, 'c')
    cluster.run('a', withClaim('c'))
    expect(
      (
        await cluster.exec(
          'a',
          'sh',
          '-c',
          'dd if=/dev/zero of=/data/big bs=1M count=3 2>&1 | head -1; rm /data/big; mkdir /data/sub; echo s >/data/sub/f',
        )
      ).out,
    ).toBe('dd: No space left on device\n')
    cluster.run('part', withClaim('c', { subPath: 'sub', readOnly: true }))
    const { out } = await cluster.exec(
      'part',
      'sh',
      '-c',
      'ls /data; echo x >/data/g; echo $?; rm /data/f; echo $?',
    )
    expect(out).toBe('f\n1\n1\n')
    expect((await cluster.exec('part', 'touch', '/data/g')).err).toBe(
      'touch: /data/g: Read-only file system\n',
    )
  })

  it('is mounted in part by a path made of variables, and not without the variable', async () => {
    const cluster = aPodCluster()
    aBoundClaim(cluster, 'c')
    const mount = withClaim('c', { subPathExpr: 'of-$(POD)' })
    const env = [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }]
    const [container] = mount.containers
    cluster.run('a', { ...mount, containers: [{ ...container, env }] })
    cluster.run('whole', withClaim('c'))
    await cluster.exec('a', 'sh', '-c', 'echo a >/data/f')
    expect((await cluster.exec('whole', 'sh', '-c', 'cd /data; echo *; cat of-a/f')).out).toBe('of-a\na\n')
    cluster.run('b', mount)
    const reason = 'status.containerStatuses.0.state.waiting.message'.split('.')
    expect(at(cluster.client.get<ApiObject>('pods', 'here', 'b'), ...reason)).toBe('missing value for "POD"')
  })
})

describe('settings', () => {
  it('reach files and variables, and new ones reach the files of a pod that runs', async () => {
    const cluster = aPodCluster()
    const settings = cluster.client.create<ApiObject>('configmaps', {
      metadata: { name: 's', namespace: 'here' },
      data: { one: '1', two: 'zwei é' },
    } as Partial<ApiObject>)
    cluster.client.create('secrets', {
      metadata: { name: 't', namespace: 'here' },
      data: { key: Buffer.from('secret').toString('base64') },
    })
    cluster.run('a', {
      containers: [
        {
          ...SLEEPER,
          env: [
            { name: 'ONE', valueFrom: { configMapKeyRef: { name: 's', key: 'one' } } },
            { name: 'KEY', valueFrom: { secretKeyRef: { name: 't', key: 'key' } } },
            { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'BOTH', value: '$(ONE)-$(ME)-$$(ONE)-$(NOPE)' },
          ],
          volumeMounts: [{ name: 'v', mountPath: '/etc/s' }],
        },
      ],
      volumes: [{ name: 'v', configMap: { name: 's' } }],
    })
    expect(
      (
        await cluster.exec(
          'a',
          'sh',
          '-c',
          'echo $ONE $KEY $ME $IP $BOTH; ls /etc/s; cat /etc/s/two; readlink /etc/s/two',
        )
      ).out,
    ).toBe('1 secret a 10.244.0.2 1-a-$(ONE)-$(NOPE)\none\ntwo\nzwei é..data/two\n')
    cluster.client.change<ApiObject>('configmaps', settings, (copy) => {
      copy.data = { one: '2', three: '3' }
    })
    cluster.seconds(61)
    expect((await cluster.exec('a', 'sh', '-c', 'echo $ONE; ls /etc/s; cat /etc/s/one')).out).toBe(
      '1\none\nthree\n2',
    )
  })
})
