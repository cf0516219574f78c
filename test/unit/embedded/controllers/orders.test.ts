import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ApiObject } from '../../../../src/embedded/object.ts'
import { aCluster, HERE, type TestCluster, toImage } from './support/cluster.ts'
import { ORDERS, type OrderFacts, type OrderRecording, type OrderStep } from './support/orders.ts'
import { recordOrders } from './support/record-orders.ts'

/** What a Kubernetes 1.20.2 did; written anew with STS_LAB_RECORD=CONTEXT, which takes some minutes. */
const RECORDED = new URL('fixtures/orders-1.20.json', import.meta.url)
const context = process.env.STS_LAB_RECORD
if (context !== undefined)
  writeFileSync(RECORDED, `${JSON.stringify(await recordOrders(context, ORDERS), null, 1)}\n`)
const real = JSON.parse(readFileSync(RECORDED, 'utf8')) as OrderRecording

function act({ client, set, pod, edit }: TestCluster, { act: todo }: OrderStep): void {
  switch (todo.do) {
    case 'create': {
      const given = todo.set as ApiObject
      client.create('statefulsets', { ...given, metadata: { ...given.metadata, namespace: HERE } })
      return
    }
    case 'scale':
      edit((spec) => {
        spec.replicas = todo.replicas
      })
      return
    case 'image':
      edit(toImage(todo.image))
      return
    case 'strategy':
      edit((spec) => {
        spec.updateStrategy = Object.fromEntries(
          Object.entries(todo.updateStrategy).filter(([, value]) => value !== null),
        )
      })
      return
    case 'delete':
      client.remove(todo.resource, todo.resource === 'pods' ? pod(todo.name) : set(todo.name))
  }
}

function play(steps: readonly OrderStep[]): Readonly<Record<string, OrderFacts>> {
  const cluster = aCluster()
  const played: Record<string, OrderFacts> = {}
  for (const step of steps) {
    act(cluster, step)
    cluster.pass(60_000)
    const { currentRevision, updateRevision, ...status } = (cluster.client.get('statefulsets', HERE, 'web')
      ?.status ?? {}) as Record<string, unknown>
    played[step.name] = {
      pods: cluster.pods.take(),
      claims: cluster.claims.take(),
      events: cluster.said('web'),
      status: { ...status, sameRevision: currentRevision === updateRevision },
    }
  }
  cluster.stop()
  return played
}

/** What the recording cluster happened to add: hiccups of its own, and what its recorder makes of many events. */
const inSubstance = (event: string): string =>
  event.replace(/^\d+ /, '').replace('(combined from similar events): ', '')
const isHiccup = (event: string): boolean => event.includes('could not be completed at this time')

/** Of pods that come or go at the same time only the order of each by itself says something. */
const perObject = (facts: readonly string[]): readonly string[] =>
  [...facts].sort((a, b) => (a.split(' ')[0] ?? '').localeCompare(b.split(' ')[0] ?? ''))

const AT_ONCE = new Set([
  'a parallel set: create three',
  'a parallel set: scale to 5',
  'a parallel set: scale to 0',
])
AT_ONCE.add('an ordered set: delete set')

describe('as on the real cluster', () => {
  const played = Object.fromEntries(Object.entries(ORDERS).map(([name, steps]) => [name, play(steps)]))
  const cases = Object.entries(ORDERS).flatMap(([name, steps]) =>
    steps.map(
      (step) => [`${name}: ${step.name}`, played[name]?.[step.name], real[name]?.[step.name]] as const,
    ),
  )

  it.each(cases)('pods and claims come and go in the same order: %s', (name, ours, theirs) => {
    const shape = AT_ONCE.has(name) ? perObject : (facts: readonly string[]) => facts
    expect(shape(ours?.pods ?? [])).toEqual(shape(theirs?.pods ?? []))
    expect(perObject(ours?.claims ?? [])).toEqual(perObject(theirs?.claims ?? []))
  })

  it.each(cases)('the status says the same: %s', (_, ours, theirs) => {
    // The older server knows no availableReplicas.
    const { availableReplicas, ...status } = ours?.status ?? {}
    expect(status).toEqual(theirs?.status)
    if (theirs?.status.replicas !== undefined)
      expect(availableReplicas).toBe(theirs.status.readyReplicas ?? 0)
  })

  it.each(cases)('events say the same: %s', (_, ours, theirs) => {
    for (const event of theirs?.events ?? [])
      if (!isHiccup(event)) expect(ours?.events).toContain(inSubstance(event))
  })
})
