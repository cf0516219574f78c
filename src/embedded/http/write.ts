import type { IncomingMessage } from 'node:http'
import type { Api, WriteOptions } from '../api/api.ts'
import type { FieldValidation } from '../api/rules.ts'
import { changeScale, scaleOf } from '../api/scale.ts'
import { isObject, type JsonObject } from '../object.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { strategicPatch } from '../patch/strategic.ts'
import type { Kind } from '../registry/kind.ts'
import { jsonKind } from '../schema/decode.ts'
import { typeNamed } from '../schema/schema.ts'
import { badRequest, noSuchPath, StatusError } from '../status.ts'
import { deleteOptions } from './delete-options.ts'
import { created, ok, type Reply } from './reply.ts'
import { managerOf, parseBody, parseJson, parseYaml, required, type Target } from './request.ts'
import { selectionOf } from './selection.ts'
import { shapedList, shapedObject, shapeOf } from './shape.ts'

export interface WriteRequest {
  readonly api: Api
  readonly request: IncomingMessage
  readonly target: Target
  readonly query: URLSearchParams
  readonly body: Buffer
}

/** POST, PUT, PATCH and DELETE on what is stored. */
export function answerWrite(write: WriteRequest): Reply {
  const warnings: string[] = []
  const options = optionsOf(write, (text) => warnings.push(text))
  const reply = METHODS[write.request.method ?? '']?.(write, options)
  if (reply === undefined) throw noSuchPath()
  return { ...reply, warnings: [...(reply.warnings ?? []), ...warnings] }
}

const METHODS: Readonly<Record<string, (write: WriteRequest, options: WriteOptions) => Reply>> = {
  POST: answerCreate,
  PUT: answerUpdate,
  PATCH: answerPatch,
  DELETE: answerDelete,
}

const VALIDATIONS: readonly string[] = ['Ignore', 'Warn', 'Strict']

function optionsOf({ query, request }: WriteRequest, warn: (text: string) => void): WriteOptions {
  const dryRun = query.getAll('dryRun')
  if (dryRun.some((value) => value !== 'All'))
    throw badRequest(
      `invalid dry-run: dryRun: Unsupported value: ${JSON.stringify(dryRun[0])}: supported values: "All"`,
    )
  const validation = query.get('fieldValidation') || 'Warn'
  if (!VALIDATIONS.includes(validation))
    throw badRequest(
      `fieldValidation: Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`,
    )
  return {
    manager: managerOf(query, request),
    dryRun: dryRun.length > 0,
    validation: validation as FieldValidation,
    warn,
  }
}

const shaped = ({ api, target, query, request }: WriteRequest, object: Parameters<typeof shapedObject>[0]) =>
  shapedObject(object, target.kind, shapeOf(request.headers.accept, query), api.clock.nowMs())

function answerCreate(write: WriteRequest, options: WriteOptions): Reply {
  const { api, target, body, request } = write
  const { kind, namespace, name } = target
  if (name !== undefined) throw noSuchPath()
  const parsed = parseBody(body, request.headers['content-type'])
  return created(shaped(write, api.create(kind, namespace, parsed, options)))
}

function answerUpdate(write: WriteRequest, options: WriteOptions): Reply {
  const { api, target, body, request } = write
  const { kind, namespace, subresource } = target
  const name = required(target.name)
  const parsed = parseBody(body, request.headers['content-type'])
  if (subresource === 'scale') return ok(changeScale(api, kind, namespace, name, () => parsed, options))
  return ok(shaped(write, api.update(kind, namespace, name, parsed, options, subresource)))
}

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]

function answerPatch(write: WriteRequest, options: WriteOptions): Reply {
  const { api, target, query, body, request } = write
  const { kind, namespace, subresource } = target
  const name = required(target.name)
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''
  if (!PATCH_TYPES.includes(type))
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  if (type === 'application/apply-patch+yaml') {
    if (!query.has('fieldManager'))
      throw badRequest(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      )
    const force = query.get('force') === 'true'
    const config = parseYaml(body.toString('utf8'))
    const written = api.apply(kind, namespace, name, config, { ...options, force }, subresource)
    return { code: written.created ? 201 : 200, body: shaped(write, written.object) }
  }
  const edit = editOf(type, body, kind)
  if (subresource === 'scale') {
    if (type === 'application/strategic-merge-patch+json')
      return ok(
        changeScale(api, kind, namespace, name, editOf('application/merge-patch+json', body, kind), options),
      )
    return ok(changeScale(api, kind, namespace, name, edit, options))
  }
  return ok(shaped(write, api.change(kind, namespace, name, edit, options, subresource)))
}

function editOf(type: string, body: Buffer, kind: Kind): (current: JsonObject) => unknown {
  const patch = parseJson(body.toString('utf8'))
  switch (type) {
    case 'application/json-patch+json':
      return (current) => jsonPatch(current, patch)
    case 'application/merge-patch+json':
      return (current) => mergePatch(current, patch)
    default: {
      if (!isObject(patch))
        throw badRequest(
          `json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`,
        )
      return (current) => strategicPatch(current, patch, typeNamed(kind.definition))
    }
  }
}

function answerDelete(write: WriteRequest): Reply {
  const { api, target, query, request } = write
  const { kind, namespace, name } = target
  const options = deleteOptions(write)
  if (name === undefined) {
    if (!kind.verbs.includes('deletecollection')) throw noSuchPath()
    const selected = selectionOf(kind, query)
    const gone = api
      .list(kind, namespace)
      .items.filter(selected)
      .map(({ metadata }) => api.remove(kind, metadata.namespace, metadata.name, options).object)
    const metadata = { resourceVersion: String(api.store.revision) }
    return ok(shapedList(gone, kind, shapeOf(request.headers.accept, query), metadata, api.clock.nowMs()))
  }
  const { object, gone } = api.remove(kind, namespace, name, options)
  if (!gone) return ok(shaped(write, object))
  // A pod that had no time left is shown once more; of everything else only that it is gone.
  if (kind.plural === 'pods') return ok(shaped(write, object))
  return ok({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.plural,
      uid: object.metadata.uid,
    },
  })
}

export const scaleReply = (api: Api, { kind, namespace, name }: Target): Reply =>
  ok(scaleOf(api.get(kind, namespace, required(name))))
