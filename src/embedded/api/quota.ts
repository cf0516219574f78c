import { type ApiObject, at, type JsonObject, listAt, textAt } from '../object.ts'
import type { Kind } from '../registry/kind.ts'
import { forbidden } from '../status.ts'
import { canonicalQuantity, quantityValue } from '../validate/quantity.ts'

/** What a quota may count of one kind: name of the resource → how much of it an object takes. */
type Usage = Readonly<Record<string, number>>

const amount = (value: unknown): number => quantityValue(String(value ?? '0')) ?? 0

/** Kinds with an old name of their own in quotas, besides `count/…`. */
const BY_PLURAL: readonly string[] = [
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'resourcequotas',
  'secrets',
  'services',
]

function usageOf(kind: Kind, object: ApiObject): Usage {
  const counted = `count/${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}`
  const usage: Record<string, number> = { [counted]: 1 }
  if (kind.group !== '') return usage
  if (BY_PLURAL.includes(kind.plural)) usage[kind.plural] = 1
  if (kind.plural === 'persistentvolumeclaims') {
    const storage = amount(at(object, 'spec', 'resources', 'requests', 'storage'))
    usage['requests.storage'] = storage
    const storageClass = textAt(object, 'spec', 'storageClassName')
    if (storageClass !== '') {
      usage[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = storage
      usage[`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`] = 1
    }
  }
  if (kind.plural === 'pods') {
    // One that has ended takes nothing any more.
    if (['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase'))) return { [counted]: 1 }
    for (const container of listAt(object, 'spec', 'containers'))
      for (const [what, name] of [
        ['requests', 'requests.'],
        ['requests', ''],
        ['limits', 'limits.'],
      ] as const)
        for (const resource of ['cpu', 'memory', 'ephemeral-storage'])
          usage[`${name}${resource}`] =
            (usage[`${name}${resource}`] ?? 0) + amount(at(container, 'resources', what, resource))
  }
  return usage
}

/** What the objects of a namespace take of what a quota limits. */
export function quotaUsed(
  quota: ApiObject,
  kinds: readonly Kind[],
  list: (kind: Kind) => readonly ApiObject[],
): Readonly<Record<string, string>> {
  const hard = (at(quota, 'spec', 'hard') ?? {}) as JsonObject
  const names = Object.keys(hard)
  const sums = new Map(names.map((name) => [name, 0]))
  for (const kind of kinds)
    for (const object of list(kind)) {
      if (object.metadata.namespace !== quota.metadata.namespace) continue
      for (const [name, taken] of Object.entries(usageOf(kind, object))) {
        const sum = sums.get(name)
        if (sum !== undefined) sums.set(name, sum + taken)
      }
    }
  return Object.fromEntries(names.map((name) => [name, written(sums.get(name) ?? 0, String(hard[name]))]))
}

/**
 * Whether an object that is about to be made fits into the quotas of its namespace.
 * @throws StatusError 403, in the words of the real admission
 */
export function checkQuota(
  kind: Kind,
  object: ApiObject,
  quotas: readonly ApiObject[],
  used: (quota: ApiObject) => Readonly<Record<string, string>>,
): void {
  const asked = usageOf(kind, object)
  for (const quota of quotas) {
    if (quota.metadata.namespace !== object.metadata.namespace) continue
    const hard = (at(quota, 'spec', 'hard') ?? {}) as JsonObject
    const limited = Object.keys(hard).filter((name) => (asked[name] ?? 0) > 0)
    if (limited.length === 0) continue
    const now = used(quota)
    const exceeded = limited
      .filter((name) => amount(now[name]) + (asked[name] ?? 0) > amount(hard[name]))
      .sort()
    if (exceeded.length === 0) continue
    const list = (value: (name: string) => unknown) =>
      exceeded.map((name) => `${name}=${String(value(name))}`).join(',')
    const words = [
      `exceeded quota: ${quota.metadata.name}`,
      `requested: ${list((name) => written(asked[name] ?? 0, String(hard[name])))}`,
      `used: ${list((name) => now[name])}`,
      `limited: ${list((name) => hard[name])}`,
    ]
    throw forbidden(kind, object.metadata.name, words.join(', '))
  }
}

/** In units of the same kind as those of the limit: binary where that is. */
const written = (value: number, like: string): string =>
  /[KMGTPE]i$/.test(like) && Number.isInteger(value / 1024)
    ? canonicalQuantity(`${value / 1024}Ki`)
    : canonicalQuantity(value)
