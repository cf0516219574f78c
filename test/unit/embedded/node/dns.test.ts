import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { parseAnswer } from '../../../../src/run/dns-probe.ts'
import { aPodCluster, SLEEPER } from './pod-cluster.ts'

const serviceNamed = (name: string, clusterIP: string) => ({
  metadata: { name, namespace: 'here' },
  spec: {
    clusterIP,
    selector: { app: 'x' },
    ports: [{ name: 'web', port: 80, protocol: 'TCP', targetPort: 80 }],
  },
})
const endpointsOf = (name: string, ...addresses: object[]) => ({
  metadata: { name, namespace: 'here' },
  subsets: addresses.length === 0 ? [] : [{ addresses, ports: [{ name: 'web', port: 80, protocol: 'TCP' }] }],
})

function setUp(image = 'busybox:1.36') {
  const cluster = aPodCluster()
  cluster.run('asker', { containers: [{ ...SLEEPER, image }] })
  cluster.run('web-0', { containers: [{ name: 'main', image: 'nginx:1.21' }] })
  cluster.client.create('services', serviceNamed('web', 'None') as Partial<ApiObject>)
  cluster.client.create('services', serviceNamed('front', '10.96.7.7') as Partial<ApiObject>)
  const headless = cluster.client.create<ApiObject>(
    'endpoints',
    endpointsOf('web', { ip: '10.244.0.3', hostname: 'web-0' }) as Partial<ApiObject>,
  )
  cluster.client.create('endpoints', endpointsOf('front', { ip: '10.244.0.3' }) as Partial<ApiObject>)
  const ask = (command: string) =>
    cluster.exec('asker', 'sh', '-c', `${command} 2>&1; echo $?`).then(({ out }) => out)
  return { ...cluster, headless, ask }
}
const FULL = 'web.here.svc.cluster.local'

describe('cluster DNS', () => {
  it('answers nslookup of busybox 1.36 in its words', async () => {
    const { ask } = setUp()
    expect(await ask(`nslookup web-0.${FULL}`)).toBe(
      `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb-0.${FULL}\nAddress: 10.244.0.3\n\n\n0\n`,
    )
    expect(await ask(`nslookup web-9.${FULL}.`)).toBe(
      `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find web-9.${FULL}: NXDOMAIN\n\n** server can't find web-9.${FULL}: NXDOMAIN\n\n1\n`,
    )
    for (const name of [`_web._tcp.${FULL}`, FULL])
      expect(await ask(`nslookup -type=srv ${name}`)).toContain(`${name}\tservice = 0 100 80 web-0.${FULL}\n`)
    // Compared with a busybox 1.35: a name without a dot is tried in every search domain.
    const none =
      "** server can't find web.svc.cluster.local: NXDOMAIN\n\n** server can't find web.cluster.local: NXDOMAIN\n\n"
    expect(await ask('nslookup web')).toBe(
      `Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\t${FULL}\nAddress: 10.244.0.3\n\n${none}\n${none}1\n`,
    )
    expect(await ask('nslookup web-0.web')).toContain("** server can't find web-0.web: NXDOMAIN\n")
    expect(parseAnswer(await ask(`nslookup ${FULL}.`))).toMatchObject({
      status: 'answered',
      addresses: ['10.244.0.3'],
    })
    expect(parseAnswer(await ask(`nslookup nope.${FULL}.`))).toMatchObject({ status: 'none' })
  })

  it('answers nslookup of busybox 1.28, which knows the search domains', async () => {
    const { ask } = setUp('busybox:1.28')
    expect(await ask('nslookup web-0.web')).toBe(
      `Server:    10.96.0.10\nAddress 1: 10.96.0.10\n\nName:      web-0.web\nAddress 1: 10.244.0.3 web-0.${FULL}\n0\n`,
    )
    expect(await ask('nslookup nope')).toBe(
      "Server:    10.96.0.10\nAddress 1: 10.96.0.10\n\nnslookup: can't resolve 'nope'\n1\n",
    )
  })

  it('leads wget to pods by name and through a cluster IP', async () => {
    const { ask } = setUp()
    expect(await ask('wget -qO- web-0.web | grep -c Welcome')).toBe('2\n0\n')
    expect(await ask('wget -qO- http://front/ | grep -c Welcome')).toBe('2\n0\n')
    expect(await ask('wget -qO- http://nope/')).toBe("wget: bad address 'nope'\n1\n")
    expect(await ask('wget -qO- http://front:81/')).toBe(
      "wget: can't connect to remote host (10.96.7.7): Connection refused\n1\n",
    )
    expect(await ask('wget -qO- web-0.web/nix')).toBe(
      'wget: server returned error: HTTP/1.1 404 Not Found\n1\n',
    )
  })

  it('keeps an answer for its time, also that there is none', async () => {
    const { ask, client, headless, clock } = setUp()
    expect(parseAnswer(await ask(`nslookup web-1.${FULL}.`)).status).toBe('none')
    client.change<ApiObject>('endpoints', headless, (copy) => {
      copy.subsets = endpointsOf('web', { ip: '10.244.0.9', hostname: 'web-1' }).subsets
    })
    // The question above has taken the 20 s that `exec` lets pass; ask anew, then at once.
    const again = await ask(`nslookup web-1.${FULL}.`)
    expect(parseAnswer(again).addresses).toEqual(['10.244.0.9'])
    clock.advance(0)
  })

  it('knows addresses that are not ready only where the service publishes them', async () => {
    const { ask, client, headless } = setUp()
    client.change<ApiObject>('endpoints', headless, (copy) => {
      copy.subsets = [{ notReadyAddresses: [{ ip: '10.244.0.3', hostname: 'web-0' }], ports: [] }]
    })
    expect(parseAnswer(await ask(`nslookup ${FULL}.`)).status).toBe('none')
  })
})
