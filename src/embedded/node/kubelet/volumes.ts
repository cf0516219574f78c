import type { Client } from '../../client.ts'
import { type ApiObject, at, isObject, listAt, textAt } from '../../object.ts'
import type { PersistentVolumeClaim, Pod, Volume } from '../../shapes.ts'
import { quantityValue } from '../../validate/quantity.ts'
import { Device, type DirNode } from '../os/inode.ts'
import type { Shelf } from '../os/shelf.ts'
import { bytesOf, dataOf, fieldOf, type PodPlace, resourceOf } from './environment.ts'
import { Refusal } from './refusal.ts'

const EMPTY_DIR_BYTES = 64 * 1024 * 1024
/** However large a claim is: this is memory. */
const MAX_VOLUME_BYTES = 256 * 1024 * 1024

export interface Mounted {
  readonly root: DirNode
  readonly readOnly: boolean
  readonly source: string
}

/** What lies on the node: the contents of persistent volumes, of host paths, and of what pods were lent. */
export class NodeVolumes {
  readonly #client: Client
  readonly #shelf: Shelf

  constructor(client: Client, shelf: Shelf) {
    this.#client = client
    this.#shelf = shelf
    client.watch('persistentvolumes', {
      removed: (volume) => {
        // A volume that was to be deleted with its claim takes its content along.
        if (textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete') shelf.drop(keyOf(volume))
      },
    })
  }

  /** The content of a persistent volume. Tests reach in here to see or lose it. */
  ofVolume(volume: ApiObject): Device {
    const bytes = quantityValue(textAt(volume, 'spec', 'capacity', 'storage')) ?? MAX_VOLUME_BYTES
    return this.#shelf.take(keyOf(volume), Math.min(bytes, MAX_VOLUME_BYTES))
  }

  /** Forgets what is on a persistent volume: a lost disk. */
  lose(volume: ApiObject): void {
    const device = this.#shelf.find(keyOf(volume))
    if (device === null) return
    device.root.entries.clear()
    device.usedBytes = 0
    device.touch()
  }

  ofPath(path: string): Device {
    return this.#shelf.take(`path ${path}`, MAX_VOLUME_BYTES)
  }

  /** An emptyDir on the node's disk: it is there until its pod is not, whatever becomes of the containers. */
  ofPod(pod: Pod, volume: string, bytes: number): Device {
    return this.#shelf.take(`${emptyDirs(pod.metadata.uid)}${volume}`, bytes)
  }

  /** The pod is gone, and so is what was its own. */
  forgetPod(uid: string | undefined): void {
    for (const key of this.#shelf.keys()) if (key.startsWith(emptyDirs(uid))) this.#shelf.drop(key)
  }

  /** Forgets what belongs to pods and volumes that went while nobody looked. */
  tidy(): void {
    const there = new Set(
      [...this.#client.list('pods'), ...this.#client.list('persistentvolumes')].map(
        ({ metadata }) => metadata.uid ?? '',
      ),
    )
    for (const key of this.#shelf.keys()) {
      const [kind, uid = ''] = key.split(' ')
      if (kind !== 'path' && !there.has(uid)) this.#shelf.drop(key)
    }
  }

  /** The volume behind a claim. @throws Refusal while it is not bound */
  ofClaim(namespace: string, name: string): Device {
    const claim = this.#client.get<PersistentVolumeClaim>('persistentvolumeclaims', namespace, name)
    if (claim === null) throw new Refusal('FailedMount', `persistentvolumeclaim "${name}" not found`)
    const volumeName = claim.spec.volumeName ?? ''
    const volume =
      volumeName === '' ? null : this.#client.get<ApiObject>('persistentvolumes', undefined, volumeName)
    if (volume === null || claim.status?.phase !== 'Bound')
      throw new Refusal('FailedMount', `PVC is not bound`)
    return this.ofVolume(volume)
  }
}

const emptyDirs = (podUid = ''): string => `emptyDir ${podUid} `

/** Two volumes on one host path are one place. */
const keyOf = (volume: ApiObject): string => {
  const path = textAt(volume, 'spec', 'hostPath', 'path')
  return path === '' ? `volume ${volume.metadata.uid ?? ''}` : `path ${path}`
}

/** As the kubelet does for fsGroup: members may write, and what is made there is theirs too. */
function giveTo(group: number, root: DirNode): void {
  root.gid = group
  root.mode |= 0o2070
  root.device.touch()
}

/** The volumes of one pod. */
export class PodVolumes {
  readonly #client: Client
  readonly #node: NodeVolumes
  readonly #mounted = new Map<string, Mounted>()
  readonly #contents = new Map<string, string>()

  constructor(client: Client, node: NodeVolumes) {
    this.#client = client
    this.#node = node
  }

  get(name: string): Mounted | null {
    return this.#mounted.get(name) ?? null
  }

  /** Makes every volume ready, or its content as it should be now. @returns what cannot be had, by volume */
  setUp(pod: Pod, place: PodPlace): ReadonlyMap<string, string> {
    const problems = new Map<string, string>()
    for (const volume of pod.spec.volumes ?? [])
      try {
        this.#setUp(pod, volume, place)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        problems.set(volume.name, error.message)
      }
    return problems
  }

  #setUp(pod: Pod, volume: Volume, place: PodPlace): void {
    const { namespace = 'default' } = pod.metadata
    const group = at(pod.spec.securityContext, 'fsGroup')
    if (volume.persistentVolumeClaim !== undefined) {
      const device = this.#node.ofClaim(namespace, textAt(volume, 'persistentVolumeClaim', 'claimName'))
      if (typeof group === 'number') giveTo(group, device.root)
      this.#mounted.set(volume.name, {
        root: device.root,
        readOnly: at(volume, 'persistentVolumeClaim', 'readOnly') === true,
        source: '/dev/vda',
      })
    } else if (volume.hostPath !== undefined)
      this.#mounted.set(volume.name, {
        root: this.#node.ofPath(textAt(volume, 'hostPath', 'path')).root,
        readOnly: false,
        source: '/dev/vda',
      })
    else if (volume.emptyDir !== undefined) {
      if (this.#mounted.has(volume.name)) return
      const wanted = quantityValue(textAt(volume, 'emptyDir', 'sizeLimit')) ?? EMPTY_DIR_BYTES
      const bytes = Math.min(wanted, MAX_VOLUME_BYTES)
      const inMemory = textAt(volume, 'emptyDir', 'medium') === 'Memory'
      const device = inMemory
        ? new Device(this.#client.clock, bytes)
        : this.#node.ofPod(pod, volume.name, bytes)
      device.root.mode = 0o777
      if (typeof group === 'number') giveTo(group, device.root)
      const source = inMemory ? 'tmpfs' : '/dev/vda'
      this.#mounted.set(volume.name, { root: device.root, readOnly: false, source })
    } else this.#project(volume.name, this.#filesOf(pod, volume, place))
  }

  /** A folder whose files change all at once: `..data` leads to what holds now. */
  #project(name: string, files: readonly ProjectedFile[]): void {
    const key = JSON.stringify(files)
    if (this.#contents.get(name) === key) return
    this.#contents.set(name, key)
    const { clock } = this.#client
    const known = this.#mounted.get(name)
    const device = known?.root.device ?? new Device(clock, EMPTY_DIR_BYTES)
    const { root } = device
    root.mode = 0o1777
    root.entries.clear()
    const dated = `..${new Date(clock.nowMs()).toISOString().slice(0, 19).replace(/[-T:]/g, '_')}.${String(device.stamp()).replace('.', '').slice(-9)}`
    const folder = device.dir()
    root.entries.set(dated, folder)
    root.entries.set('..data', device.link(dated))
    for (const { path, text, mode } of files) {
      const parts = path.split('/')
      let dir = folder
      for (const part of parts.slice(0, -1)) {
        const next = dir.entries.get(part)
        const below = next?.kind === 'dir' ? next : device.dir()
        dir.entries.set(part, below)
        dir = below
      }
      dir.entries.set(parts.at(-1) ?? '', device.file(bytesOf(text), mode))
      const [first = ''] = parts
      root.entries.set(first, device.link(`..data/${first}`))
    }
    if (known === undefined) this.#mounted.set(name, { root, readOnly: true, source: 'tmpfs' })
  }

  #filesOf(pod: Pod, volume: Volume, place: PodPlace): readonly ProjectedFile[] {
    for (const [field, resource, named] of [
      ['configMap', 'configmaps', 'name'],
      ['secret', 'secrets', 'secretName'],
    ] as const)
      if (volume[field] !== undefined) return this.#keys(pod, volume[field], resource, named)
    if (volume.downwardAPI !== undefined) return fields(pod, volume.downwardAPI, place)
    if (volume.projected !== undefined)
      return listAt(volume, 'projected', 'sources').flatMap((source) => [
        ...(at(source, 'configMap') === undefined
          ? []
          : this.#keys(pod, at(source, 'configMap'), 'configmaps', 'name')),
        ...(at(source, 'secret') === undefined
          ? []
          : this.#keys(pod, at(source, 'secret'), 'secrets', 'name')),
        ...(at(source, 'downwardAPI') === undefined ? [] : fields(pod, at(source, 'downwardAPI'), place)),
        ...(at(source, 'serviceAccountToken') === undefined
          ? []
          : [{ path: textAt(source, 'serviceAccountToken', 'path'), text: 'simulated', mode: 0o644 }]),
      ])
    throw new Refusal(
      'FailedMount',
      `this simulated node does not know volumes of this kind: ${Object.keys(volume)
        .filter((key) => key !== 'name')
        .join(', ')}`,
    )
  }

  #keys(
    pod: Pod,
    source: unknown,
    resource: 'configmaps' | 'secrets',
    named: string,
  ): readonly ProjectedFile[] {
    const { namespace = 'default' } = pod.metadata
    const name = textAt(source, named)
    const kind = resource === 'secrets' ? 'secret' : 'configmap'
    const optional = at(source, 'optional') === true
    const object = this.#client.get<ApiObject>(resource, namespace, name)
    if (object === null) {
      if (optional) return []
      throw new Refusal('FailedMount', `${kind} "${name}" not found`)
    }
    const data = dataOf(object)
    const mode = Number(at(source, 'defaultMode') ?? 0o644)
    const items = listAt(source, 'items')
    if (items.length === 0)
      return Object.entries(data)
        .sort()
        .map(([path, text]) => ({ path, text, mode }))
    return items.flatMap((item) => {
      const key = textAt(item, 'key')
      const text = data[key]
      if (text === undefined) {
        if (optional) return []
        throw new Refusal(
          'FailedMount',
          kind === 'secret'
            ? `references non-existent secret key: ${key}`
            : `configmap references non-existent config key: ${key}`,
        )
      }
      return [{ path: textAt(item, 'path'), text, mode: Number(at(item, 'mode') ?? mode) }]
    })
  }
}

interface ProjectedFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

const fields = (pod: Pod, source: unknown, place: PodPlace): readonly ProjectedFile[] =>
  listAt(source, 'items')
    .filter(isObject)
    .map((item) => ({
      path: textAt(item, 'path'),
      text:
        at(item, 'resourceFieldRef') === undefined
          ? fieldOf(pod, textAt(item, 'fieldRef', 'fieldPath'), place)
          : resourceOf(
              pod.spec.containers.find(
                ({ name }) => name === textAt(item, 'resourceFieldRef', 'containerName'),
              ),
              at(item, 'resourceFieldRef'),
            ),
      mode: Number(item.mode ?? at(source, 'defaultMode') ?? 0o644),
    }))
