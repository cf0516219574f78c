import type { Speed } from '../cluster.ts'
import type { ApiObject } from '../object.ts'
import type { DeviceRecord } from './device-tree.ts'

/** Of the journal's format. One that is higher than ours is not read. */
export const VERSION = 1
const KIND = 'sts-lab practice cluster'

/** What a cluster is known by, and what it proves that with. */
export interface Credentials {
  readonly caPem: string
  readonly certificatePem: string
  readonly keyPem: string
  readonly token: string
}

/** The first record of a journal. */
export interface Header {
  readonly kind: typeof KIND
  readonly version: typeof VERSION
  readonly credentials: Credentials
  /** As it was last. */
  readonly port: number
  readonly speed: Speed
}

export const headerOf = (credentials: Credentials, port: number, speed: Speed): Header => ({
  kind: KIND,
  version: VERSION,
  credentials,
  port,
  speed,
})

/** Every other record: what happened since the one before. Read whole or not at all. */
export interface Batch {
  /** Cluster time, milliseconds. */
  readonly at: number
  readonly revision: number
  /** Resource and object as it is now. */
  readonly put?: readonly (readonly [string, ApiObject])[]
  /** Resource and key. */
  readonly gone?: readonly (readonly [string, string])[]
  readonly devices?: readonly DeviceRecord[]
  /** Keys of devices that are no more. */
  readonly lost?: readonly string[]
}

/** A journal that cannot be used; code 'NEWER' or 'UNREADABLE'. */
class UnusableState extends Error {
  readonly code: 'NEWER' | 'UNREADABLE'

  constructor(code: 'NEWER' | 'UNREADABLE', message: string) {
    super(message)
    this.name = 'UnusableState'
    this.code = code
  }
}

/** @throws UnusableState */
export function readHeader(record: unknown): Header {
  const header = record as Partial<Record<keyof Header, unknown>> | null | undefined
  if (header?.kind !== KIND || typeof header.version !== 'number')
    throw new UnusableState('UNREADABLE', 'its journal does not begin as one does')
  if (header.version > VERSION)
    throw new UnusableState(
      'NEWER',
      `its journal is of format ${header.version}, and this sts-lab reads up to format ${VERSION}`,
    )
  return record as Header
}
