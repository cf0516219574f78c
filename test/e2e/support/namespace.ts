import { afterAll, beforeAll } from 'vitest'
import { theCluster } from './cluster.ts'
import { connectTo, type E2eConnection } from './connect.ts'
import { createNamespace, requestRemoval, uniqueName } from './temporary-namespace.ts'

/**
 * For a `describe` (or a whole file): a namespace of its own, made before its tests, and deleted after them
 * (the end of the run waits until all are gone, so that no test waits for another's pods to end). Tests
 * of one file that need separate ones call this in separate describes. `api` is there while tests run.
 */
export function inNamespace(purpose = 'test'): { readonly name: string; readonly api: E2eConnection } {
  const name = uniqueName(purpose)
  let connection: E2eConnection | null = null
  beforeAll(async () => {
    connection = await connectTo(theCluster())
    await createNamespace(connection, name)
  })
  afterAll(async () => {
    if (connection === null) return
    await requestRemoval(connection, name)
    connection.close()
  })
  return {
    name,
    get api() {
      if (connection === null) throw new Error(`${name} exists only while tests run`)
      return connection
    },
  }
}
