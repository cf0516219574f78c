import type { Client } from '../../client.ts'
import { copyOf, sameJson } from '../../object.ts'
import type { Pod, PodTemplate, Workload } from '../../shapes.ts'
import { selectorOf } from '../../store/selector.ts'
import { keyOf } from '../../store/store.ts'
import { claimMembers } from '../claim-members.ts'
import type { World } from '../objects.ts'
import { controllerOf, controllerReference, isControlledBy, isTerminating } from '../owners.ts'
import { fnv32, safelyEncoded } from '../stateful-set/revision-hash.ts'
import { WorkQueue } from '../work-queue.ts'
import { writeDeploymentStatus } from './deployment-status.ts'
import { type Deployment, limitsOf, newSize, oldSizes, replicasOf } from './rollout.ts'

const HASH_LABEL = 'pod-template-hash'
const REVISION = 'deployment.kubernetes.io/revision'
const DESIRED = 'deployment.kubernetes.io/desired-replicas'
const MAXIMUM = 'deployment.kubernetes.io/max-replicas'

/** Rolls Deployments from one ReplicaSet to the next. @returns a function that ends it */
export function startDeployments(client: Client, world: World): () => void {
  const deployments = world.of<Deployment>('deployments')
  const sets = world.of<Workload>('replicasets')
  const pods = world.of<Pod>('pods')

  const queue = new WorkQueue(client.clock, (key) => {
    const [namespace = '', name = ''] = key.split('/')
    const deployment = deployments.get(namespace, name)
    if (deployment === null) return
    const selects = selectorOf(deployment.spec.selector)
    const all = [
      ...claimMembers(client, 'replicasets', deployment, sets, ({ metadata }) =>
        selects(metadata.labels ?? {}),
      ),
    ].sort((a, b) => revisionOf(a) - revisionOf(b))
    let fresh = all.find((set) => sameJson(bare(set.spec.template), deployment.spec.template)) ?? null
    const old = all.filter((set) => set !== fresh)
    if (!isTerminating(deployment)) fresh = roll(deployment, fresh, old)
    const now = (set: Workload) => sets.get(namespace, set.metadata.name) ?? set
    const current = deployments.get(namespace, name)
    if (current === null) return
    const left = writeDeploymentStatus(client, current, fresh === null ? null : now(fresh), old.map(now))
    if (left !== null) queue.addAfter(key, left)
  })

  const roll = (
    deployment: Deployment,
    found: Workload | null,
    old: readonly Workload[],
  ): Workload | null => {
    if (deployment.spec.paused === true && found === null) return null
    const revision = Math.max(0, ...old.map(revisionOf)) + 1
    const recreate = deployment.spec.strategy?.type === 'Recreate'
    if (recreate && old.some((set) => replicasOf(set) > 0 || podsOf(set).length > 0)) {
      for (const set of old) resize(deployment, set, 0)
      return found
    }
    const fresh = found ?? create(deployment, old, revision)
    annotate(deployment, fresh, Math.max(revision, revisionOf(fresh)))
    const grown = resize(deployment, fresh, newSize(deployment, fresh, old))
    const sizes = oldSizes(deployment, grown, old)
    for (const [index, set] of old.entries()) resize(deployment, set, sizes[index] ?? 0)
    forgetOldest(deployment, grown, old)
    return grown
  }

  const podsOf = (set: Workload) =>
    pods.ownedBy(set.metadata.uid ?? '').filter((pod) => isControlledBy(pod, set))

  const create = (deployment: Deployment, old: readonly Workload[], revision: number): Workload => {
    const { namespace, name } = deployment.metadata
    const hash = safelyEncoded(String(fnv32(JSON.stringify(deployment.spec.template))))
    const template = copyOf(deployment.spec.template)
    const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
    const replicas = newSize(deployment, null, old)
    const { matchLabels, matchExpressions } = deployment.spec.selector ?? {}
    const created = client.create<Workload>('replicasets', {
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels,
        annotations: annotationsOf(deployment, revision),
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas,
        ...(deployment.spec.minReadySeconds === undefined
          ? {}
          : { minReadySeconds: deployment.spec.minReadySeconds }),
        selector: {
          matchLabels: { ...matchLabels, [HASH_LABEL]: hash },
          ...(matchExpressions === undefined ? {} : { matchExpressions }),
        },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    })
    if (replicas > 0) say(deployment, `Scaled up replica set ${created.metadata.name} from 0 to ${replicas}`)
    return created
  }

  const annotate = (deployment: Deployment, set: Workload, revision: number): void => {
    const wanted = { ...set.metadata.annotations, ...annotationsOf(deployment, revision) }
    if (!sameJson(set.metadata.annotations, wanted))
      client.change<Workload>('replicasets', set, (copy) => {
        copy.metadata.annotations = wanted
      })
    if (deployment.metadata.annotations?.[REVISION] === String(revision)) return
    client.change<Deployment>('deployments', deployment, (copy) => {
      copy.metadata.annotations = { ...copy.metadata.annotations, [REVISION]: String(revision) }
    })
  }

  const resize = (deployment: Deployment, set: Workload, replicas: number): Workload => {
    const before = replicasOf(set)
    if (before === replicas) return set
    const resized = client.change<Workload>('replicasets', set, (copy) => {
      copy.spec.replicas = replicas
    })
    const way = replicas > before ? 'up' : 'down'
    say(deployment, `Scaled ${way} replica set ${set.metadata.name} from ${before} to ${replicas}`)
    return resized
  }

  const say = (deployment: Deployment, message: string): void =>
    client.record(deployment, 'Normal', 'ScalingReplicaSet', message)

  const forgetOldest = (deployment: Deployment, fresh: Workload, old: readonly Workload[]): void => {
    if ((fresh.status?.availableReplicas ?? 0) !== replicasOf(deployment)) return
    const idle = old.filter((set) => replicasOf(set) === 0 && podsOf(set).length === 0)
    const excess = idle.length - (deployment.spec.revisionHistoryLimit ?? 10)
    for (const set of idle.slice(0, Math.max(0, excess))) client.remove('replicasets', set)
  }

  const add = ({ metadata }: Workload) => queue.add(keyOf(metadata.namespace, metadata.name))
  const addOwner = (set: Workload): void => {
    const { kind, uid = '' } = controllerOf(set) ?? {}
    const deployment = kind === 'Deployment' ? deployments.withUid(uid) : null
    if (deployment !== null) add(deployment)
    if (controllerOf(set) !== undefined) return
    for (const other of deployments.in(set.metadata.namespace ?? ''))
      if (selectorOf(other.spec.selector)(set.metadata.labels ?? {})) add(other)
  }
  const stops = [
    client.watch<Deployment>('deployments', { added: add, changed: add }),
    client.watch<Workload>('replicasets', { added: addOwner, changed: addOwner, removed: addOwner }),
    client.watch<Pod>('pods', {
      // Recreate waits for the last of the old ones.
      removed: (pod) => {
        const set = sets.withUid(controllerOf(pod)?.uid ?? '')
        if (set !== null) addOwner(set)
      },
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    queue.close()
  }
}

const revisionOf = ({ metadata }: Workload): number => Number(metadata.annotations?.[REVISION] ?? 0)

/** The template as the Deployment gave it. */
function bare(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** A ReplicaSet says how large its Deployment is, and what was said of the Deployment. */
function annotationsOf(deployment: Deployment, revision: number): Readonly<Record<string, string>> {
  const {
    'kubectl.kubernetes.io/last-applied-configuration': _,
    [REVISION]: __,
    ...own
  } = deployment.metadata.annotations ?? {}
  return {
    ...own,
    [DESIRED]: String(replicasOf(deployment)),
    [MAXIMUM]: String(replicasOf(deployment) + limitsOf(deployment).surge),
    [REVISION]: String(revision),
  }
}
