import { undecidedError, usageError } from '../errors.ts'
import type { DeletedObjects, LabAction, LabGoal } from '../lab/lab.ts'
import type { ManifestDocument, ObjectRef } from '../ports.ts'
import type { ActionMark } from '../timeline/observation.ts'
import { ordinalOf, podsOf } from '../timeline/state.ts'
import { type Awaited, throwIfInterrupted } from './await-state.ts'
import { writeInPods } from './lab-file.ts'
import type { FillAction } from './lab-fill-files.ts'
import { goalTitle, hasLabel } from './lab-goal.ts'
import { documentsOf, type ManifestSetting } from './lab-manifests.ts'
import { factsBelongToLab, labLabels, refOf, refuseForeign } from './lab-ownership.ts'
import { eachAtOnce, type Session } from './session.ts'

export interface ActionSetting {
  readonly session: Session
  readonly lab: string
  readonly statefulSet: string
  readonly manifests: ManifestSetting
  /** UIDs of objects that are the lab's although they carry no label. */
  readonly known: ReadonlySet<string>
  /** The namespace is somebody else's or still in use: neither applied nor deleted. */
  readonly keepNamespace: boolean
  /** A file with blanks as it is to be applied: the student's when it is right, else ours. */
  readonly filled: (action: FillAction) => Promise<readonly ManifestDocument[]>
  /** Waits until the watch shows what is awaited; its deadline is the step's. Never rejects. */
  readonly wait: (goal: LabGoal) => Promise<Awaited>
}

/** Does what a step asks for. Recorded in the timeline before the request is sent. */
export async function perform(action: LabAction, setting: ActionSetting): Promise<void> {
  const { session, statefulSet } = setting
  const { cluster, namespace, state, signal } = session
  const setRef: ObjectRef = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace, name: statefulSet }
  switch (action.do) {
    case 'apply':
      return applyDocuments(await documentsOf(action, setting.manifests), setting)
    case 'delete-pod': {
      const pod = state.pods.get(action.pod)
      if (pod === undefined)
        throw usageError('no-such-pod', `there is no pod ${action.pod} to delete`, 'sts-lab back')
      mark(session, { do: 'delete-pod', pod: pod.name, uid: pod.uid })
      await cluster.remove(
        { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.name },
        { uid: pod.uid, signal },
      )
      return
    }
    case 'scale': {
      const from = state.statefulsets.get(statefulSet)?.replicas ?? 0
      mark(session, { do: 'scale', set: statefulSet, from, to: action.replicas })
      return cluster.scale(setRef, action.replicas, signal)
    }
    case 'set-image': {
      mark(session, { do: 'other', what: `set image ${action.container}=${action.image} on ${statefulSet}` })
      const containers = [{ name: action.container, image: action.image }]
      // A JSON merge patch would replace the whole list of containers: they are read, changed and sent back.
      const found = await cluster.get(setRef, signal)
      await cluster.patch(
        setRef,
        { spec: { template: { spec: { containers: withImage(found, containers) } } } },
        signal,
      )
      return
    }
    case 'delete':
      for (const objects of action.objects) await removeObjects(objects, setting)
      return
    case 'several':
      for (const each of action.actions) {
        throwIfInterrupted(signal)
        await perform(each, setting)
      }
      return
    case 'wait': {
      const awaited = await setting.wait(action.until)
      throwIfInterrupted(signal)
      if (awaited.outcome === 'reached') return
      throw undecidedError(
        'not-reached',
        `${goalTitle(action.until)} was waited for in vain: ${awaited.reason ?? awaited.outcome}`,
        `sts-lab start ${setting.lab} goes on where you left off`,
      )
    }
    case 'write':
      return write(action, setting)
    case 'fill':
      return applyDocuments(await setting.filled(action), setting)
  }
}

const mark = ({ timeline }: Session, action: ActionMark['action']): void => {
  timeline.append({ stream: 'run', type: 'action', action })
}

/** In every pod: it waits until they are ready, since a pod that is not there cannot be written to. */
async function write(
  action: Extract<LabAction, { do: 'write' }>,
  { session, statefulSet, lab, wait }: ActionSetting,
): Promise<void> {
  const again = `sts-lab start ${lab} goes on where you left off`
  const set = session.state.statefulsets.get(statefulSet)
  if (set === undefined) throw usageError('no-set', `there is no StatefulSet ${statefulSet}`, 'sts-lab back')
  const ready = await wait({ see: 'ready', replicas: set.replicas })
  throwIfInterrupted(session.signal)
  if (ready.outcome !== 'reached')
    throw undecidedError('not-ready', `the pods cannot be written to: ${ready.reason ?? 'not ready'}`, again)
  const pods = podsOf(session.state, set.uid)
  mark(session, { do: 'other', what: `write ${action.file} in ${pods.map(({ name }) => name).join(', ')}` })
  const problem = await writeInPods(session, pods, action)
  if (problem !== null)
    throw undecidedError('not-written', `${action.file} could not be written: ${problem}`, again)
}

async function applyDocuments(all: readonly ManifestDocument[], setting: ActionSetting): Promise<void> {
  const { session, lab, keepNamespace, known } = setting
  const { cluster, signal } = session
  const documents = all.filter(({ object }) => object.kind !== 'Namespace' || !keepNamespace)
  await refuseForeign(cluster, documents, lab, known, signal)
  mark(session, {
    do: 'apply',
    objects: documents.map((document) => `${document.object.kind}/${refOf(document).name}`),
  })
  // They are the lab's own: what a student changed by hand (kubectl scale) goes back to what the manifest says.
  await cluster.apply(documents, { labels: labLabels(lab), force: true, signal })
}

/** The containers as they are, with the images of some changed. */
function withImage(
  found: unknown,
  changed: readonly { readonly name: string; readonly image: string }[],
): unknown[] {
  // A StatefulSet from the API server has this shape; anything else is left to the server to refuse.
  const set = found as { spec?: { template?: { spec?: { containers?: { name?: string }[] } } } } | null
  const containers = set?.spec?.template?.spec?.containers ?? []
  return containers.map((container) => ({
    ...container,
    ...changed.find(({ name }) => name === container.name),
  }))
}

const API: Readonly<Record<DeletedObjects['kind'], string>> = {
  StatefulSet: 'apps/v1',
  Service: 'v1',
  PersistentVolumeClaim: 'v1',
  Pod: 'v1',
  Namespace: 'v1',
}

async function removeObjects(objects: DeletedObjects, setting: ActionSetting): Promise<void> {
  const { session, keepNamespace } = setting
  const { cluster, namespace, signal } = session
  const { kind } = objects
  if (kind === 'Namespace') {
    if (keepNamespace) return
    mark(session, { do: 'other', what: `delete namespace ${namespace}` })
    await cluster.remove({ apiVersion: 'v1', kind, name: namespace }, { signal })
    return
  }
  const found = present(objects, setting)
  if (found.length === 0) return
  mark(session, { do: 'other', what: `delete ${found.map(({ name }) => `${kind}/${name}`).join(', ')}` })
  await eachAtOnce(found, ({ name, uid }) =>
    cluster.remove(
      { apiVersion: API[kind], kind, namespace, name },
      { uid, propagation: 'Background', signal },
    ),
  )
}

/** What is there of the objects meant. By label only what also has a name that the set gives. */
function present(
  { kind, name, selector }: DeletedObjects,
  { session, statefulSet, lab, known }: ActionSetting,
): readonly { readonly name: string; readonly uid: string }[] {
  const { state } = session
  const ours = (object: Parameters<typeof factsBelongToLab>[0]): boolean =>
    factsBelongToLab(object, lab, known)
  switch (kind) {
    case 'StatefulSet':
      return named(state.statefulsets, name).filter(ours)
    case 'Service':
      return named(state.services, name).filter(ours)
    case 'Pod':
      return [...state.pods.values()].filter((pod) =>
        name === null
          ? hasLabel(pod.labels, selector) && ordinalOf(statefulSet, pod.name) !== null
          : pod.name === name,
      )
    case 'PersistentVolumeClaim':
      return [...state.claims.values()].filter((claim) =>
        name === null
          ? hasLabel(claim.labels, selector) && isClaimOf(statefulSet, claim.name)
          : claim.name === name,
      )
    case 'Namespace':
      return []
  }
}

const named = <T>(objects: ReadonlyMap<string, T>, name: string | null): T[] => {
  const found = objects.get(name ?? '')
  return found === undefined ? [] : [found]
}

/** `<template>-<set>-<number>`, whatever the template is called. */
export const isClaimOf = (statefulSet: string, claim: string): boolean =>
  new RegExp(`^.+-${statefulSet}-\\d+$`).test(claim)
