import type { JsonObject } from '../object.ts'
import { apiVersionOf, type Kind } from '../registry/kind.ts'
import { decode, Undecodable } from '../schema/decode.ts'
import { typeNamed } from '../schema/schema.ts'
import { badRequest, StatusError } from '../status.ts'

/** A configuration that is to be applied, without what an applier has no say in. @throws StatusError 400, 500 */
export function readApplied(
  kind: Kind,
  namespace: string | undefined,
  name: string,
  body: JsonObject,
): JsonObject {
  const type = typeNamed(kind.definition)
  const apiVersion = apiVersionOf(kind)
  const what = `${namespace === undefined ? '' : `${namespace}/`}${name}; ${apiVersion}, Kind=${kind.kind}`
  const said = body.apiVersion ?? ''
  if (said !== apiVersion)
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${said}, expected: ${apiVersion}`,
    )
  if (body.kind !== kind.kind)
    throw new StatusError(
      500,
      '',
      `failed to merge config: expected objects of the same type, but got ${String(body.kind)} and ${kind.kind}`,
    )
  let value: Record<string, unknown>
  try {
    const read = decode(body, type, { asWritten: true })
    const [stray] = read.strays
    // As structured-merge-diff says it, and with its code.
    if (stray !== undefined)
      throw new StatusError(
        500,
        '',
        `failed to create typed patch object (${what}): .${stray.slice('unknown field "'.length, -1)}: field not declared in schema`,
      )
    value = read.value
  } catch (error) {
    if (error instanceof Undecodable)
      throw new StatusError(500, '', `failed to create typed patch object (${what}): ${error.message}`)
    throw error
  }
  const metadata = (value.metadata ?? {}) as Record<string, unknown>
  if (metadata.name !== undefined && metadata.name !== name)
    throw badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${name}) of the ${kind.kind}`,
    )
  const { creationTimestamp: _, managedFields: __, ...meta } = metadata
  const { status: ___, ...rest } = value
  const place = namespace === undefined ? {} : { namespace }
  return {
    ...(kind.hasStatus ? rest : value),
    apiVersion,
    kind: kind.kind,
    metadata: { ...meta, ...place, name },
  }
}
