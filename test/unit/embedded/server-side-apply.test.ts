import { describe, expect, it } from 'vitest'
import type { Writer } from '../../../src/embedded/apply/managed-fields.ts'
import { afterUpdate } from '../../../src/embedded/apply/managed-fields.ts'
import { applyServerSide } from '../../../src/embedded/apply/server-side.ts'
import type { ApiObject } from '../../../src/embedded/object.ts'
import { typeNamed } from '../../../src/embedded/schema/schema.ts'
import { StatusError } from '../../../src/embedded/status.ts'

const POD = typeNamed('io.k8s.api.core.v1.Pod')
const by = (manager: string): Writer => ({ manager, apiVersion: 'v1', nowMs: 0 })
const pod = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a' },
  spec,
})
const apply = (live: ApiObject | null, applied: object, manager = 'one', force = false) =>
  applyServerSide(live, applied as never, POD, by(manager), force)
const refusal = (act: () => unknown): string => {
  try {
    act()
    return 'done'
  } catch (error) {
    return error instanceof StatusError ? error.message : String(error)
  }
}
const managers = (object: ApiObject) =>
  (object.metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`)

describe('server-side apply', () => {
  it('takes away what the applier no longer speaks of, also inside lists', () => {
    const first = apply(
      null,
      pod({
        containers: [
          {
            name: 'm',
            image: 'x',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
          },
        ],
      }),
    )
    const second = apply(
      first,
      pod({ containers: [{ name: 'm', image: 'x', env: [{ name: 'B', value: '2' }] }] }),
    )
    expect(second.spec).toEqual({ containers: [{ name: 'm', image: 'x', env: [{ name: 'B', value: '2' }] }] })
  })

  it('takes a whole item away, with what was filled into it', () => {
    const first = apply(
      null,
      pod({
        containers: [
          { name: 'm', image: 'x' },
          { name: 'side', image: 'y' },
        ],
      }),
    )
    const filled = {
      ...first,
      spec: {
        containers: [
          { name: 'm', image: 'x' },
          { name: 'side', image: 'y', imagePullPolicy: 'Always' },
        ],
      },
    }
    const second = apply(filled, pod({ containers: [{ name: 'm', image: 'x' }] }))
    expect(second.spec).toEqual({ containers: [{ name: 'm', image: 'x' }] })
  })

  it('takes an item of its own away although somebody else has written into it', () => {
    const port = { containerPort: 80, protocol: 'TCP' }
    const first = apply(null, pod({ containers: [{ name: 'm', image: 'x', ports: [port] }] }))
    const named = apply(
      first,
      pod({ containers: [{ name: 'm', ports: [{ ...port, name: 'http' }] }] }),
      'two',
    )
    // Both own the item now: it stays, whole.
    const kept = apply(named, pod({ containers: [{ name: 'm', image: 'x' }] }))
    expect(kept.spec).toMatchObject({ containers: [{ ports: [{ ...port, name: 'http' }] }] })
    const changed = {
      ...first,
      spec: { containers: [{ name: 'm', image: 'x', ports: [{ ...port, name: 'http' }] }] },
    }
    const fields = afterUpdate(first, changed, POD, by('kubectl'))
    const written = { ...changed, metadata: { ...changed.metadata, managedFields: fields } }
    const gone = apply(written, pod({ containers: [{ name: 'm', image: 'x' }] }))
    expect(gone.spec).toEqual({ containers: [{ name: 'm', image: 'x' }] })
  })

  it('gives who owns an empty struct all that comes into it', () => {
    const live = apply(null, pod({ containers: [{ name: 'm', image: 'x', resources: {} }] }))
    const limits = { limits: { memory: '1Gi' } }
    const limited = apply(live, pod({ containers: [{ name: 'm', resources: limits }] }), 'two')
    const later = apply(limited, pod({ containers: [{ name: 'm' }] }), 'two')
    expect(later.spec).toEqual({ containers: [{ name: 'm', image: 'x', resources: limits }] })
  })

  it('leaves what others own, and refuses to change it unless forced', () => {
    const live = apply(null, pod({ hostname: 'h', containers: [{ name: 'm', image: 'x' }] }))
    const mine = pod({ containers: [{ name: 'm', image: 'y' }] })
    expect(refusal(() => apply(live, mine, 'two'))).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.containers[name="m"].image',
    )
    const taken = apply(live, mine, 'two', true)
    expect(taken.spec).toEqual({ hostname: 'h', containers: [{ name: 'm', image: 'y' }] })
    // The first no longer owns the image: leaving it out does not take it away.
    const later = apply(taken, pod({ hostname: 'h', containers: [{ name: 'm' }] }))
    expect(later.spec).toEqual({ hostname: 'h', containers: [{ name: 'm', image: 'y' }] })
  })

  it('shares a field whose value two appliers agree on', () => {
    const live = apply(null, pod({ hostname: 'h' }))
    const shared = apply(live, pod({ hostname: 'h' }), 'two')
    expect(managers(shared)).toEqual(['one Apply', 'two Apply'])
    expect(apply(shared, pod({}), 'two').spec).toEqual({ hostname: 'h' })
  })

  it('names each manager and field in a conflict of several', () => {
    const live = apply(null, pod({ hostname: 'h', containers: [{ name: 'm', image: 'x' }] }))
    const text = refusal(() =>
      apply(live, pod({ hostname: 'i', containers: [{ name: 'm', image: 'z' }] }), 'two'),
    )
    expect(text).toBe(
      'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.containers[name="m"].image\n- .spec.hostname',
    )
  })
})

describe('an ordinary write', () => {
  it('owns what it changes, and takes it from who owned it', () => {
    const live = apply(null, pod({ hostname: 'h', subdomain: 's' }))
    const changed = { ...live, spec: { hostname: 'i', subdomain: 's' } }
    const [applier, updater] = afterUpdate(live, changed, POD, by('kubectl'))
    expect(applier?.fieldsV1).toEqual({ 'f:spec': { 'f:subdomain': {} } })
    expect(updater).toMatchObject({
      manager: 'kubectl',
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:hostname': {} } },
    })
  })
})
