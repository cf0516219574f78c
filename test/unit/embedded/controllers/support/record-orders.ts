import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Facts, type OrderFacts, type OrderRecording, type OrderStep } from './orders.ts'

const A_WHILE_MS = 20_000
const DEADLINE_MS = 240_000

/** Does the steps to a real cluster, through kubectl, in a namespace that is removed again. */
export async function recordOrders(
  context: string,
  orders: Readonly<Record<string, readonly OrderStep[]>>,
): Promise<OrderRecording> {
  const recording: Record<string, Record<string, OrderFacts>> = {}
  for (const [name, steps] of Object.entries(orders)) {
    const namespace = `orders-${Date.now().toString(36)}`
    const kubectl = (args: readonly string[], input?: string): string =>
      execFileSync('kubectl', ['--context', context, '-n', namespace, ...args], {
        encoding: 'utf8',
        ...(input === undefined ? {} : { input }),
      })
    kubectl(['create', 'namespace', namespace])
    const watches: ChildProcess[] = []
    const watch = (resource: string): Facts => {
      const facts = new Facts()
      const path = `/api/v1/namespaces/${namespace}/${resource}?watch=1`
      const child = spawn('kubectl', ['--context', context, 'get', '--raw', path])
      watches.push(child)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: unknown }
        facts.see(type, object)
      })
      return facts
    }
    try {
      const pods = watch('pods')
      const claims = watch('persistentvolumeclaims')
      await wait(3_000)
      recording[name] = {}
      for (const step of steps) {
        act(kubectl, step)
        await settled(kubectl, step)
        recording[name][step.name] = {
          pods: pods.take(),
          claims: claims.take(),
          events: eventsOf(kubectl),
          status: statusOf(kubectl),
        }
      }
    } finally {
      for (const child of watches) child.kill()
      kubectl(['delete', 'namespace', namespace, '--wait=false'])
    }
  }
  return recording
}

type Kubectl = (args: readonly string[], input?: string) => string

function act(kubectl: Kubectl, { act: todo }: OrderStep): void {
  switch (todo.do) {
    case 'create':
      kubectl(['create', '-f', '-'], JSON.stringify(todo.set))
      return
    case 'scale':
      kubectl(['scale', 'statefulset/web', `--replicas=${todo.replicas}`])
      return
    case 'image':
      kubectl(['set', 'image', 'statefulset/web', `main=${todo.image}`])
      return
    case 'strategy': {
      const patch = { spec: { updateStrategy: todo.updateStrategy } }
      kubectl(['patch', 'statefulset/web', '--type=merge', '-p', JSON.stringify(patch)])
      return
    }
    case 'delete':
      kubectl(['delete', todo.resource, todo.name, '--wait=false'])
  }
}

async function settled(kubectl: Kubectl, { until }: OrderStep): Promise<void> {
  if (until === 'a while') return wait(A_WHILE_MS)
  const end = Date.now() + DEADLINE_MS
  let calm = 0
  while (Date.now() < end) {
    await wait(1_000)
    const pods = items(kubectl, 'pods')
    const set = items(kubectl, 'statefulsets')[0]
    const revision = set?.status?.updateRevision
    const anyRevision = until.mixed === true
    const right = pods.every(
      ({ metadata, status }) =>
        metadata.deletionTimestamp === undefined &&
        (anyRevision || metadata.labels?.['controller-revision-hash'] === revision) &&
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    )
    const told =
      set === undefined ||
      (set.status?.replicas === until.pods &&
        (until.pods === 0 || set.status?.readyReplicas === until.pods) &&
        (anyRevision || set.status?.currentRevision === revision))
    if (right && told && pods.length === until.pods) {
      calm += 1
      // Something may be about to begin.
      if (calm > (anyRevision ? 8 : 1)) return
    } else calm = 0
  }
  throw new Error(`the cluster did not come to ${JSON.stringify(until)}`)
}

interface Item {
  readonly metadata: {
    readonly name: string
    readonly deletionTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly status?: Readonly<Record<string, unknown>> & {
    readonly updateRevision?: string
    readonly currentRevision?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
  readonly involvedObject?: { readonly kind: string }
  readonly type?: string
  readonly reason?: string
  readonly message?: string
  readonly count?: number
}

const items = (kubectl: Kubectl, resource: string): readonly Item[] =>
  (JSON.parse(kubectl(['get', resource, '-o', 'json'])) as { items: readonly Item[] }).items

const eventsOf = (kubectl: Kubectl): readonly string[] =>
  items(kubectl, 'events')
    .filter(({ involvedObject }) => involvedObject?.kind === 'StatefulSet')
    .map(({ type, reason, message, count }) => `${count} ${type} ${reason} ${message}`)
    .sort()

const statusOf = (kubectl: Kubectl): Readonly<Record<string, unknown>> => {
  const { currentRevision, updateRevision, ...rest } = items(kubectl, 'statefulsets')[0]?.status ?? {}
  return { ...rest, sameRevision: currentRevision === updateRevision }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
