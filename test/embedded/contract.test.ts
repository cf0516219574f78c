import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runningClock } from '../../src/embedded/clock.ts'
import { startApiServer } from '../../src/embedded/start.ts'
import { CONTRACT } from './support/contract-cases.ts'
import type { RawAnswer } from './support/raw-client.ts'
import { realCluster } from './support/real-cluster.ts'
import { runContract } from './support/run-contract.ts'

/** What a Kubernetes 1.20.2 answered; written anew with STS_LAB_RECORD=CONTEXT. */
const RECORDED = fileURLToPath(new URL('fixtures/kubernetes-1.20.json', import.meta.url))

let ours: Record<string, RawAnswer>
let real: Record<string, RawAnswer>

beforeAll(async () => {
  // Managers are listed by the second of their writes: a new one in between would change the order.
  const began = Date.now()
  const server = await startApiServer({ clock: { ...runningClock(), nowMs: () => began } })
  const { access } = server
  const agent = new Agent({ ca: access.caPem, keepAlive: true })
  ours = await runContract({ ...access, agent }, 'contract-ours')
  agent.destroy()
  await server.close()
  const context = process.env.STS_LAB_RECORD
  if (context !== undefined) writeFileSync(RECORDED, `${JSON.stringify(await askReal(context), null, 1)}\n`)
  real = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {}
})

async function askReal(context: string): Promise<Record<string, RawAnswer>> {
  const client = await realCluster(context)
  try {
    return await runContract(client, `contract-${Date.now().toString(36)}`)
  } finally {
    client.agent.destroy()
  }
}

describe('the embedded API server', () => {
  it.each(CONTRACT.filter(({ differs }) => differs === undefined).map(({ name }) => name))(
    'answers as the real one: %s',
    (name) => {
      expect(ours[name]).toEqual(real[name])
    },
  )

  it.each(
    CONTRACT.filter(({ differs }) => differs !== undefined).map(({ name, differs }) => [name, differs]),
  )('decides as the real one: %s (%s)', (name) => {
    expect(ours[name as string]?.code).toBe(real[name as string]?.code)
    expect(reasonOf(ours[name as string])).toBe(reasonOf(real[name as string]))
  })
})

const reasonOf = (answer: RawAnswer | undefined): unknown =>
  (answer?.body as { readonly reason?: string } | undefined)?.reason

afterAll(() => {
  // A contract that was never held against a real server proves nothing.
  expect(Object.keys(real).length).toBe(CONTRACT.length)
})
