import type { ApiObject, JsonObject } from '../object.ts'
import { humanDuration } from './human-duration.ts'

export interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean'
  readonly format: string
  readonly description: string
  /** 0: always; 1: with -o wide only. */
  readonly priority: 0 | 1
}

export type Cell = string | number | boolean

/** How `kubectl get` shows a kind. */
export interface Table {
  readonly columns: readonly Column[]
  /** One cell a column. @param nowMs to tell ages by */
  readonly row: (object: ApiObject, nowMs: number) => readonly Cell[]
}

export const column = (name: string, type: Column['type'] = 'string'): Column => ({
  name,
  type,
  format: name === 'Name' ? 'name' : '',
  description: '',
  priority: 0,
})

export const wide = (name: string): Column => ({ ...column(name), format: '', priority: 1 })

/** `NONE` is what the real server prints for "there is none". */
export const NONE = '<none>'
export const UNSET = '<unset>'

/** "3m", or <unknown> for a time that is not there. */
export function age(since: string | null | undefined, nowMs: number): string {
  return since === null || since === undefined || since === ''
    ? '<unknown>'
    : humanDuration(nowMs - Date.parse(since))
}

export const ageOf = (object: ApiObject, nowMs: number): string =>
  age(object.metadata.creationTimestamp, nowMs)

/** "a=b,c=d", or <none>. */
export const pairs = (labels: Readonly<Record<string, string>> | undefined): string => {
  const entries = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.length === 0 ? NONE : entries.map(([key, value]) => `${key}=${value}`).join(',')
}

export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** One row as it goes over the wire. */
export function tableRow(table: Table, object: ApiObject, include: IncludeObject, nowMs: number): JsonObject {
  return {
    cells: table.row(object, nowMs),
    ...(include === 'None'
      ? {}
      : {
          object:
            include === 'Object'
              ? object
              : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
        }),
  }
}

/** @param columns left out in all events of a watch but the first */
export function tableOf(
  columns: readonly Column[] | null,
  rows: readonly JsonObject[],
  metadata: JsonObject,
): JsonObject {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns ?? [],
    rows,
  }
}
