import { usageError } from '../errors.ts'
import type { AppliedObject, Cluster, KubeObject, ManifestDocument, ObjectRef } from '../ports.ts'
import { ApiError } from './api-errors.ts'
import { explainFields } from './field-errors.ts'
import { withListKeys } from './list-keys.ts'
import type { Resources } from './resources.ts'
import { Schema } from './schema.ts'
import type { Send } from './transport.ts'

export const FIELD_MANAGER = 'sts-lab'
type ApplyOptions = Parameters<Cluster['apply']>[1]

/**
 * Server-side apply, one document after the other, as Cluster.apply says. Nothing is sent before the kinds
 * of all documents are known.
 * @throws LabError unknown-kind, namespace-mismatch, unknown-field, invalid, conflict (usage); not-found
 *   when the namespace is missing; forbidden, quota …
 */
export async function applyDocuments(
  documents: readonly ManifestDocument[],
  options: ApplyOptions,
  server: { readonly resources: Resources; readonly send: Send },
): Promise<readonly AppliedObject[]> {
  const { resources, send } = server
  const { signal } = options
  const targets = await Promise.all(
    documents.map(async (document) => {
      const ref = await refOf(document, options, resources)
      return { document, ref, path: await resources.pathOf(ref, signal) }
    }),
  )
  // The answer to an apply does not say whether anything changed; what was there before does.
  const before = await Promise.all(targets.map(({ path }) => presentObject(path, send, signal)))

  const applied: AppliedObject[] = []
  for (const [index, { document, ref, path }] of targets.entries()) {
    try {
      const patch = (force: boolean) =>
        send({
          method: 'PATCH',
          path,
          query: { fieldManager: FIELD_MANAGER, force, fieldValidation: 'Strict' },
          contentType: 'application/apply-patch+yaml',
          body: bodyOf(document.object, ref, options.labels),
          signal,
        })
      const response = await patch(options.force ?? false).catch((error: unknown) => {
        if (isWithOurselves(error)) return patch(true)
        throw error
      })
      // The server answers an apply with the object.
      const object = response.body as KubeObject
      const change = response.status === 201 ? 'created' : changeOf(before[index] ?? null, object)
      applied.push({ ref, uid: object.metadata.uid ?? '', change })
    } catch (error) {
      if (error instanceof ApiError && isFieldConflict(error)) throw conflict(ref, error)
      throw await explainFields(error, document, () =>
        // Without the schema the message has no suggestion, that is all.
        Schema.fetch(send, signal).catch(() => null),
      )
    }
  }
  return applied
}

async function refOf(
  document: ManifestDocument,
  options: ApplyOptions,
  resources: Resources,
): Promise<ObjectRef> {
  const { apiVersion, kind, metadata } = document.object
  const { namespaced } = await resources.find(apiVersion, kind, options.signal)
  const ref = { apiVersion, kind, name: metadata.name }
  if (!namespaced) return ref
  const own = metadata.namespace ?? undefined
  if (own !== undefined && options.namespace !== undefined && own !== options.namespace) {
    const at = document.source.position(['metadata', 'namespace'])
    throw usageError(
      'namespace-mismatch',
      `${document.source.file}:${at?.line ?? document.source.line}: ${kind}/${metadata.name} is for namespace "${own}", but "${options.namespace}" is in use`,
      'leave metadata.namespace out of the manifest',
    )
  }
  return { ...ref, namespace: own ?? options.namespace ?? 'default' }
}

function bodyOf(object: KubeObject, ref: ObjectRef, labels: Readonly<Record<string, string>>): KubeObject {
  return {
    ...withListKeys(object),
    metadata: {
      ...object.metadata,
      ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
      labels: { ...object.metadata.labels, ...labels },
    },
  }
}

async function presentObject(path: string, send: Send, signal: AbortSignal): Promise<KubeObject | null> {
  try {
    return (await send({ method: 'GET', path, signal })).body as KubeObject
  } catch (error) {
    // Whoever may apply but not read is told "configured".
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null
    throw error
  }
}

function changeOf(before: KubeObject | null, after: KubeObject): 'configured' | 'unchanged' {
  if (before === null) return 'configured'
  if (before.metadata.resourceVersion === after.metadata.resourceVersion) return 'unchanged'
  // A controller may have written the status meanwhile: the generation counts changes of the spec alone.
  const same =
    before.metadata.generation !== undefined &&
    before.metadata.generation === after.metadata.generation &&
    sameMap(before.metadata.labels, after.metadata.labels) &&
    sameMap(before.metadata.annotations, after.metadata.annotations)
  return same ? 'unchanged' : 'configured'
}

const sameMap = (
  a: Readonly<Record<string, string>> = {},
  b: Readonly<Record<string, string>> = {},
): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([key, value]) => b[key] === value)

/**
 * What sts-lab scaled or patched belongs to it as an updater, which server-side apply takes for somebody
 * else than it as an applier. The owner's name stands in the message alone.
 */
const isWithOurselves = (error: unknown): boolean =>
  error instanceof ApiError &&
  isFieldConflict(error) &&
  error.causes.every(({ message }) => message.startsWith(`conflict with "${FIELD_MANAGER}"`))

const isFieldConflict = (error: ApiError): boolean => error.code === 'conflict' && error.kind === 'usage'

function conflict(ref: ObjectRef, error: ApiError) {
  const place = ref.namespace === undefined ? '' : ` -n ${ref.namespace}`
  return usageError(
    'conflict',
    `${ref.kind}/${ref.name}: ${error.message}`,
    `delete it first (kubectl delete ${ref.kind.toLowerCase()} ${ref.name}${place}), or leave these fields out of the manifest`,
  )
}
