import { CONTRACT } from './contract-cases.ts'
import { ask, type RawAnswer, type RawClient } from './raw-client.ts'

/** What no two clusters have alike. */
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Runs all cases in a namespace of their own; answers by case, without times, UIDs and versions. */
export async function runContract(client: RawClient, namespace: string): Promise<Record<string, RawAnswer>> {
  const answers: Record<string, RawAnswer> = {}
  await ask(client, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
  for (const { name, ...asked } of CONTRACT) {
    const answer = await ask(client, { ...asked, path: asked.path.replace('{ns}', namespace) })
    answers[name] = normalised(answer, namespace)
  }
  await ask(client, { method: 'DELETE', path: `/api/v1/namespaces/${namespace}` })
  return answers
}

/** Without times, UIDs, versions, ages, and what only one of the two can know. */
export function normalised(answer: RawAnswer, namespace: string): RawAnswer {
  const text = JSON.stringify(answer)
    .replaceAll(namespace, '{ns}')
    .replace(TIME, '{time}')
    .replace(UID, '{uid}')
    .replace(/"resourceVersion":"\d+"/g, '"resourceVersion":"{version}"')
    .replace(/made-\w{5}/g, 'made-{random}')
    .replace(/"10\.96\.\d+\.\d+"/g, '"{address}"')
  return clean(JSON.parse(text)) as RawAnswer
}

/** What a Kubernetes 1.20 does not know yet, or sees otherwise. */
const NEWER = new Set([
  'persistentVolumeClaimRetentionPolicy',
  'f:persistentVolumeClaimRetentionPolicy',
  'availableReplicas',
  'f:nodeSelector',
])

/** Ages, descriptions of columns, what is newer, and the order of keys are nobody's business. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isControllers(item)).map(clean)
  if (typeof value === 'string') return /^\d+s$/.test(value) ? '{age}' : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, item]) =>
          key !== 'description' &&
          !NEWER.has(key) &&
          !isControllers(item) &&
          !(key === 'creationTimestamp' && item === null),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, clean(item)]),
  )
}

/** What the controllers write when they get to it. */
function isControllers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { manager, replicas, observedGeneration, selector, template } = value as Record<string, unknown>
  return (
    manager === 'kube-controller-manager' ||
    observedGeneration !== undefined ||
    (replicas !== undefined && selector === undefined && template === undefined)
  )
}
