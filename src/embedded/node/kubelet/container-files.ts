import { at, listAt, textAt } from '../../object.ts'
import type { Container } from '../../shapes.ts'
import { type Image, put } from '../image/images.ts'
import { DOMAIN } from '../net/cluster-dns.ts'
import { Errno } from '../os/errno.ts'
import { Files } from '../os/files.ts'
import { Device, type Node } from '../os/inode.ts'
import { bytesOf, expanded } from './environment.ts'
import type { PodContext } from './pod-context.ts'
import { Refusal } from './refusal.ts'

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The files that a container starts with: its image's, and what is mounted.
 *
 * @param variable of its environment
 * @throws Refusal for a subPath that leads nowhere
 */
export function filesOf(
  context: PodContext,
  container: Container,
  image: Image,
  variable: (name: string) => string | null,
): Files {
  const { clock } = context
  const device = image.rootFs(clock)
  const files = new Files(device)
  const pod = context.pod()
  const mount = (path: string, node: Node, readOnly: boolean, source: string) => {
    const clean = `/${path
      .split('/')
      .filter((part) => part !== '')
      .join('/')}`
    if (clean === '/') return
    // So that it is listed where it is mounted. A link on the way is followed: /var/run may be /run.
    put(device, clean, () => node)
    files.mount({ path: clean, node, readOnly, source })
  }
  const own = new Device(clock, 1024 * 1024)
  mount('/etc/hosts', own.file(hosts(context)), false, '/dev/vda')
  mount('/etc/hostname', own.file(`${context.place.hostname}\n`), false, '/dev/vda')
  mount('/etc/resolv.conf', own.file(resolvConf(context)), false, '/dev/vda')
  for (const { name, mountPath, subPath = '', readOnly = false, ...others } of container.volumeMounts ?? []) {
    const volume = context.volumes.get(name)
    if (volume === null) continue
    const wanted = subPath === '' ? subPathOf(textAt(others, 'subPathExpr'), variable) : subPath
    const node = wanted === '' ? volume.root : below(volume.root, wanted)
    mount(mountPath, node, readOnly || volume.readOnly, volume.source)
  }
  const taken = (container.volumeMounts ?? []).some(({ mountPath }) => mountPath.startsWith(TOKEN_PATH))
  if (
    pod.spec.serviceAccountName !== undefined &&
    at(pod.spec, 'automountServiceAccountToken') !== false &&
    !taken &&
    image.command[0] !== '/pause'
  ) {
    const token = new Device(clock, 1024 * 1024)
    put(token, 'namespace', (on) => on.file(pod.metadata.namespace ?? ''))
    put(token, 'token', (on) => on.file('simulated'))
    put(token, 'ca.crt', (on) => on.file(''))
    mount(TOKEN_PATH, token.root, true, 'tmpfs')
  }
  return files
}

/** @throws Refusal where a variable in it is not there */
function subPathOf(expression: string, variable: (name: string) => string | null): string {
  return expanded(expression, (name) => {
    const value = variable(name)
    if (value === null) throw new Refusal('CreateContainerConfigError', `missing value for "${name}"`)
    return value
  })
}

/** A folder or file inside a volume; a folder is made where there is nothing. */
function below(root: Node & { readonly kind: 'dir' }, path: string): Node {
  if (path.startsWith('/') || path.split('/').includes('..'))
    throw new Refusal(
      'CreateContainerConfigError',
      `failed to prepare subPath for volumeMount: subPath "${path}" must be inside the volume`,
    )
  const files = new Files(rootedAt(root))
  try {
    const found = files.peek(`/${path}`)
    if (found !== null) return found
    return put(files.device, path, (device) => device.dir(0o777))
  } catch (error) {
    if (error instanceof Errno)
      throw new Refusal(
        'CreateContainerConfigError',
        `failed to create subPath directory for volumeMount: ${error.message}`,
      )
    throw error
  }
}

/** A view of a volume's device: `Files` begins at a device's root, which this is. */
const rootedAt = (root: Node & { readonly kind: 'dir' }): Device => root.device

function hosts({ pod, place }: PodContext): string {
  const { hostname, subdomain } = pod().spec
  const names =
    subdomain === undefined || hostname === undefined
      ? place.hostname
      : `${place.hostname}.${subdomain}.${pod().metadata.namespace ?? ''}.svc.${DOMAIN}\t${place.hostname}`
  const aliases = listAt(pod().spec, 'hostAliases').map(
    (alias) => `${textAt(alias, 'ip')}\t${listAt(alias, 'hostnames').join('\t')}\n`,
  )
  return bytesOf(
    `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${place.ip}\t${names}\n${aliases.length === 0 ? '' : `\n# Entries added by HostAliases.\n${aliases.join('')}`}`,
  )
}

function resolvConf({ pod, sandbox }: PodContext): string {
  const { dnsPolicy = 'ClusterFirst' } = pod().spec
  const { namespace = 'default' } = pod().metadata
  const given = at(pod().spec, 'dnsConfig')
  const inCluster = dnsPolicy.startsWith('ClusterFirst')
  const search = [
    ...(inCluster ? [`${namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN] : []),
    ...listAt(given, 'searches').map(String),
  ]
  const servers = [...(inCluster ? [sandbox.network.dnsIp] : []), ...listAt(given, 'nameservers').map(String)]
  const options = [
    ...(inCluster ? ['ndots:5'] : []),
    ...listAt(given, 'options').map((option) =>
      [textAt(option, 'name'), textAt(option, 'value')].filter((part) => part !== '').join(':'),
    ),
  ]
  return bytesOf(
    [
      ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
      ...servers.map((server) => `nameserver ${server}`),
      ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
      '',
    ].join('\n'),
  )
}
