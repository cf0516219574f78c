import { LabError } from '../errors.ts'
import type { Cluster, KubeObject, ObjectRef } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import { FIELD_MANAGER } from './apply.ts'
import type { Resources } from './resources.ts'
import type { Send } from './transport.ts'

/** Tells an object that our own lost request created from one of the same name that somebody else made. */
const REQUEST_ANNOTATION = 'sts-lab.dev/request'

/** The object as it is, or null. */
export async function readObject(path: string, send: Send, signal: AbortSignal): Promise<KubeObject | null> {
  try {
    return (await send({ method: 'GET', path, signal })).body as KubeObject
  } catch (error) {
    if (error instanceof LabError && error.code === 'not-found') return null
    throw error
  }
}

/**
 * Creates, even over a connection that breaks: an annotation with `requestId` makes a repeated request
 * recognise what the lost one has done.
 */
export async function createObject(
  object: KubeObject,
  requestId: string,
  server: { readonly resources: Resources; readonly send: Send },
  signal: AbortSignal,
): Promise<KubeObject> {
  const { apiVersion, kind, metadata } = object
  const collection = await server.resources.collectionOf(
    { apiVersion, kind, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) },
    signal,
  )
  const annotations = { ...metadata.annotations, [REQUEST_ANNOTATION]: requestId }
  try {
    const response = await server.send({
      method: 'POST',
      path: collection,
      query: { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' },
      body: { ...object, metadata: { ...metadata, annotations } },
      signal,
    })
    return response.body as KubeObject
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'already-exists') throw error
    const there = await readObject(`${collection}/${encodeURIComponent(metadata.name)}`, server.send, signal)
    if (there?.metadata.annotations?.[REQUEST_ANNOTATION] === requestId) return there
    throw error
  }
}

/** Deletes, as Cluster.remove says. */
export async function removeObject(
  path: string,
  options: Parameters<Cluster['remove']>[1],
  send: Send,
): Promise<'deleting' | 'absent' | 'replaced'> {
  try {
    await send({
      method: 'DELETE',
      path,
      body: {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
        ...(options.propagation === undefined ? {} : { propagationPolicy: options.propagation }),
        ...(options.gracePeriodSeconds === undefined
          ? {}
          : { gracePeriodSeconds: options.gracePeriodSeconds }),
      },
      signal: options.signal,
    })
    return 'deleting'
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'not-found') return 'absent'
    if (error.status !== 409) throw error
    // A 409 is a broken precondition, or a namespace that is being deleted already: the object tells.
    const there = await readObject(path, send, options.signal)
    if (there === null) return 'absent'
    if (options.uid !== undefined && there.metadata.uid !== options.uid) return 'replaced'
    if (there.metadata.deletionTimestamp !== undefined) return 'deleting'
    throw error
  }
}

/** A list's items come without their kind. */
export function itemsOf(body: unknown, kind: Pick<ObjectRef, 'apiVersion' | 'kind'>): readonly KubeObject[] {
  const { items } = body as { items?: readonly KubeObject[] }
  return (items ?? []).map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }))
}
