import type { ApiObject } from '../../../src/embedded/object.ts'
import type { PersistentVolumeClaim, Pod } from '../../../src/embedded/shapes.ts'
import type { Stage } from './stage.ts'

/** What a namespace has come to, with names in place of everything that two clusters never share. */
export type Picture = Readonly<Record<string, unknown>>

/** Gives uids and the names of revisions, in the order in which they are first seen, names of their own. */
export class Renamer {
  readonly #known = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  /** "web-0 #2": the second that was called so. */
  name(what: string, id: string): string {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const count = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, count)
    const name = `${what} #${count}`
    this.#known.set(id, name)
    return name
  }
}

type Revision = ApiObject & { readonly revision: number }

export async function pictureOf(stage: Stage, renamer: Renamer): Promise<Picture> {
  const [set, pods, claims, revisions] = await Promise.all([
    stage.set(),
    stage.list<Pod>('pods'),
    stage.list<PersistentVolumeClaim>('persistentvolumeclaims'),
    stage.list<Revision>('controllerrevisions'),
  ])
  for (const { metadata } of [...revisions].sort((a, b) => a.revision - b.revision))
    renamer.name('revision', metadata.name)
  const revision = (name: unknown): string => renamer.name('revision', String(name))
  const uid = ({ metadata }: ApiObject): string => renamer.name(metadata.name, metadata.uid ?? '')
  const setName = set === null ? '' : renamer.name('set', set.metadata.uid ?? '')
  const owners = ({ metadata }: ApiObject) =>
    (metadata.ownerReferences ?? []).map(({ kind, uid: owner, controller }) => [
      kind,
      renamer.name('set', owner),
      controller,
    ])
  // The older server knows no availableReplicas.
  const {
    currentRevision,
    updateRevision,
    availableReplicas: _,
    ...status
  } = (set?.status ?? {}) as Record<string, unknown>
  return {
    set:
      set === null
        ? 'none'
        : {
            which: setName,
            replicas: set.spec.replicas,
            generation: set.metadata.generation,
            status: {
              ...status,
              currentRevision: revision(currentRevision),
              updateRevision: revision(updateRevision),
            },
          },
    revisions: revisions
      .map((one) => `${revision(one.metadata.name)} is ${one.revision} of ${JSON.stringify(owners(one))}`)
      .sort(),
    pods: pods.map((pod) => ({
      which: uid(pod),
      revision: revision(pod.metadata.labels?.['controller-revision-hash']),
      word: pod.spec.containers[0]?.env?.[0]?.value,
      ready: pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status,
      phase: pod.status?.phase,
      owners: owners(pod),
      terminating: pod.metadata.deletionTimestamp !== undefined,
    })),
    claims: claims.map((claim) => ({
      which: uid(claim),
      phase: claim.status?.phase,
      volume: renamer.name(`volume of ${claim.metadata.name}`, claim.spec.volumeName ?? 'none'),
      owners: owners(claim),
      finalizers: claim.metadata.finalizers,
      terminating: claim.metadata.deletionTimestamp !== undefined,
    })),
  }
}
