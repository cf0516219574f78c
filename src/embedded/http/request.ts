import type { IncomingMessage } from 'node:http'
import { parseAllDocuments } from 'yaml'
import { findKind } from '../registry/index.ts'
import type { Kind } from '../registry/kind.ts'
import { readProtobuf } from '../schema/protobuf.ts'
import { badRequest, noSuchPath, StatusError, unsupportedMediaType } from '../status.ts'

/** What a URL under /api or /apis is about. */
export interface Target {
  readonly kind: Kind
  readonly namespace: string | undefined
  readonly name: string | undefined
  readonly subresource: string | undefined
}

/** @returns null when no such resource is served */
export function targetOf(path: string): Target | null {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
  const isCore = parts[0] === 'api'
  const [group = '', version = '', ...rest] = isCore ? ['', ...parts.slice(1)] : parts.slice(1)
  // /namespaces/NAME is a namespace itself; /namespaces/NAME/pods is what is in it.
  const isInside =
    rest[0] === 'namespaces' && rest.length > 2 && !['status', 'finalize'].includes(rest[2] ?? '')
  const [namespace, [plural = '', name, subresource, ...more]] = isInside
    ? [rest[1], rest.slice(2)]
    : [undefined, rest]
  const kind = findKind(group, version, plural)
  if (kind === undefined || more.length > 0) return null
  if (isInside !== kind.namespaced && (isInside || name !== undefined)) return null
  if (subresource !== undefined && !kind.subresources.some((known) => known.name === subresource)) return null
  return { kind, namespace, name, subresource }
}

/** @throws StatusError 400 */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badRequest(`invalid URL escape in "${part}"`)
  }
}

/** Bodies beyond this are refused, as etcd would. */
const MAX_BODY = 3 * 1024 * 1024

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY)
      throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY}`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const READABLE = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

/** A JSON or YAML body. @throws StatusError 400, 415 */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
  const type = (contentType ?? 'application/json').split(';')[0]?.trim() ?? ''
  if (body.length === 0) return undefined
  if (type === 'application/vnd.kubernetes.protobuf') return readProtobuf(body)
  if (!READABLE.includes(type)) throw unsupportedMediaType(READABLE)
  return type.endsWith('yaml') ? parseYaml(body.toString('utf8')) : parseJson(body.toString('utf8'))
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized (must be of type JSON): ${String((error as Error).message)}`,
    )
  }
}

/** YAML as kubectl reads it: 1.1, without dates. JSON is YAML too. */
export function parseYaml(text: string): unknown {
  const documents = parseAllDocuments(text, {
    schema: 'yaml-1.1',
    merge: true,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === 'string' || !/timestamp|time|binary|omap|pairs|set/i.test(tag.tag)),
  })
  const [document] = documents
  if (document === undefined || !('errors' in document)) return undefined
  const [problem] = document.errors
  if (problem !== undefined) throw badRequest(`error decoding YAML: ${problem.message}`)
  try {
    return document.toJS()
  } catch (error) {
    // A few aliases of aliases can ask for more than fits into memory.
    if (error instanceof ReferenceError) throw badRequest(`error decoding YAML: ${error.message}`)
    throw error
  }
}

/** "true", "1" and a bare name are yes. */
export const isOn = (query: URLSearchParams, name: string): boolean => {
  const value = query.get(name)
  return value !== null && value !== 'false' && value !== '0'
}

/** Who writes: what the client says, or the first word of its user agent. */
export const managerOf = (query: URLSearchParams, request: IncomingMessage): string => {
  const said = query.get('fieldManager') ?? ''
  if (said !== '') return said
  const agent = String(request.headers['user-agent'] ?? '')
  return agent.split('/')[0]?.slice(0, 128) || 'unknown'
}

export const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw noSuchPath()
  return value
}
