import type { ClusterClock } from '../../clock.ts'
import { Device, type DirNode, type Node } from '../os/inode.ts'
import { BUSYBOX } from '../programs/index.ts'
import { NGINX_PAGE } from './nginx-page.ts'

/** What a container is made from. */
export interface Image {
  /** As the status names it. */
  readonly name: string
  readonly id: string
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** The signal that asks it to end. */
  readonly stopSignal: 'TERM' | 'QUIT'
  /** busybox's version. */
  readonly version: '1.28' | '1.36'
  /** A file system of its own. */
  readonly rootFs: (clock: ClusterClock) => Device
}

const ROOT_FS_BYTES = 64 * 1024 * 1024
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Tags that there are: a few families of real ones, so that a mistyped one is missed as it would be. */
const TAGS: Readonly<Record<string, RegExp>> = {
  busybox: /^(latest|stable|musl|glibc|uclibc|1|1\.(2[4-9]|3[0-7])(\.\d)?)(-(musl|glibc|uclibc))?$/,
  nginx:
    /^(latest|stable|mainline|alpine|1|1\.(1[4-9]|2\d)(\.\d+)?)(-(alpine|perl|alpine-slim|bookworm|bullseye))*$/,
  pause: /^(latest|[23]\.\d+(\.\d+)?)$/,
}

export interface Reference {
  /** With registry and tag: "docker.io/library/busybox:1.36". */
  readonly full: string
  readonly repository: string
  readonly tag: string
}

/** Parses an image's name; null when it is none ("invalid reference format"). */
export function referenceOf(image: string): Reference | null {
  const found = /^([a-z0-9]+(?:[._:/-]+[a-z0-9]+)*?)(?::([\w][\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$/.exec(
    image,
  )
  if (found === null) return null
  const [, name = '', tag = 'latest'] = found
  const [first = '', ...rest] = name.split('/')
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first)
  const registry = hasRegistry ? first : 'docker.io'
  const path = hasRegistry ? rest.join('/') : rest.length === 0 ? `library/${first}` : name
  return { full: `${registry}/${path}:${tag}`, repository: `${registry}/${path}`, tag }
}

/** null when no registry would have it. */
export function imageOf({ full, repository, tag }: Reference): Image | null {
  const family = repository.split('/').at(-1) ?? ''
  const official =
    repository === `docker.io/library/${family}` ||
    /^(registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/google_containers)\/pause$/.test(repository)
  if (!official || TAGS[family]?.test(tag) !== true) return null
  const common = { name: full, id: `sha256:${digest(full)}`, env: { PATH } }
  const old = family === 'busybox' && /^1\.(2[4-9]|30)/.test(tag)
  switch (family) {
    case 'busybox':
      return {
        ...common,
        command: ['sh'],
        stopSignal: 'TERM',
        version: old ? '1.28' : '1.36',
        rootFs: busyboxFs,
      }
    case 'nginx':
      return {
        ...common,
        command: ['nginx', '-g', 'daemon off;'],
        stopSignal: 'QUIT',
        version: '1.36',
        rootFs: nginxFs,
      }
    default:
      return { ...common, command: ['/pause'], stopSignal: 'TERM', version: '1.36', rootFs: pauseFs }
  }
}

/** Looks like one, and is the same for the same name. */
function digest(text: string): string {
  let hash = 0xcbf29ce484222325n
  let result = ''
  for (let round = 0; round < 4; round += 1) {
    for (const character of `${text}${round}`)
      hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n)
    result += hash.toString(16).padStart(16, '0')
  }
  return result
}

/** Puts something at a path, with the folders on the way. */
export function put(device: Device, path: string, make: (device: Device) => Node): Node {
  const parts = path.split('/').filter((part) => part !== '')
  const name = parts.pop() ?? ''
  let dir: DirNode = device.root
  for (const part of parts) {
    const next = dir.entries.get(part)
    if (next?.kind === 'dir') dir = next
    else {
      const fresh = device.dir()
      dir.entries.set(part, fresh)
      dir = fresh
    }
  }
  const node = make(device)
  dir.entries.set(name, node)
  return node
}

function pauseFs(clock: ClusterClock): Device {
  const device = new Device(clock, ROOT_FS_BYTES)
  put(device, '/pause', (on) => on.file('', 0o755, 'pause'))
  devices(device)
  return device
}

function devices(device: Device): void {
  for (const name of ['null', 'zero', 'full', 'tty'] as const)
    put(device, `/dev/${name}`, (on) => on.char(name))
  for (const name of ['random', 'urandom']) put(device, `/dev/${name}`, (on) => on.char('random'))
  for (const [name, target] of [
    ['stdin', '0'],
    ['stdout', '1'],
    ['stderr', '2'],
  ] as const)
    put(device, `/dev/${name}`, (on) => on.link(`/proc/self/fd/${target}`))
  put(device, '/dev/termination-log', (on) => on.file(''))
}

function busyboxFs(clock: ClusterClock): Device {
  const device = new Device(clock, ROOT_FS_BYTES)
  const binary = put(device, '/bin/busybox', (on) => on.file('', 0o755, 'busybox'))
  // One file with many names, as in the image.
  const bin = device.root.entries.get('bin')
  if (bin?.kind === 'dir')
    for (const name of BUSYBOX.keys()) {
      bin.entries.set(name, binary)
      binary.nlink += 1
    }
  for (const dir of [
    'home',
    'proc',
    'root',
    'sys',
    'usr/bin',
    'usr/sbin',
    'sbin',
    'var/spool',
    'var/www',
    'run',
    'etc',
  ])
    put(device, `/${dir}`, (on) => on.dir())
  put(device, '/tmp', (on) => on.dir(0o1777))
  put(device, '/etc/passwd', (on) =>
    on.file('root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n'),
  )
  put(device, '/etc/group', (on) => on.file('root:x:0:\nnobody:x:65534:\n'))
  devices(device)
  return device
}

function nginxFs(clock: ClusterClock): Device {
  const device = busyboxFs(clock)
  put(device, '/usr/sbin/nginx', (on) => on.file('', 0o755, 'nginx'))
  put(device, '/usr/bin/curl', (on) => on.file('', 0o755, 'curl'))
  put(device, '/usr/share/nginx/html/index.html', (on) => on.file(NGINX_PAGE))
  put(device, '/usr/share/nginx/html/50x.html', (on) => on.file('<h1>An error occurred.</h1>\n'))
  put(device, '/etc/nginx/nginx.conf', (on) =>
    on.file(
      'user  nginx;\nworker_processes  auto;\nevents { worker_connections 1024; }\nhttp { include /etc/nginx/conf.d/*.conf; }\n',
    ),
  )
  put(device, '/etc/nginx/conf.d/default.conf', (on) =>
    on.file(
      'server {\n    listen       80;\n    server_name  localhost;\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
    ),
  )
  put(device, '/var/log/nginx/access.log', (on) => on.link('/dev/stdout'))
  put(device, '/var/log/nginx/error.log', (on) => on.link('/dev/stderr'))
  put(device, '/var/cache/nginx', (on) => on.dir())
  return device
}
