import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { startApiServer } from '../../src/embedded/start.ts'
import { CONTRACT } from './support/contract-cases.ts'
import type { RawAnswer } from './support/raw-client.ts'
import { runContract } from './support/run-contract.ts'

/** What a Kubernetes 1.20.2 answered; written anew with STS_LAB_RECORD=CONTEXT. */
const RECORDED = fileURLToPath(new URL('fixtures/kubernetes-1.20.json', import.meta.url))

let ours: Record<string, RawAnswer>
let real: Record<string, RawAnswer>

beforeAll(async () => {
  const server = await startApiServer()
  const { access } = server
  const agent = new Agent({ ca: access.caPem, keepAlive: true })
  ours = await runContract({ ...access, agent }, 'contract-ours')
  agent.destroy()
  await server.close()
  const context = process.env.STS_LAB_RECORD
  if (context !== undefined) writeFileSync(RECORDED, `${JSON.stringify(await askReal(context), null, 1)}\n`)
  real = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {}
})

/** A cluster of the kubeconfig, whose user has a token. */
async function askReal(context: string): Promise<Record<string, RawAnswer>> {
  const { stdout } = spawnSync('kubectl', ['config', 'view', '--raw', '--minify', '--context', context], {
    encoding: 'utf8',
  })
  const config = parse(stdout) as {
    clusters: readonly [{ cluster: { server: string; 'certificate-authority-data'?: string } }]
    users: readonly [{ user: { token: string } }]
  }
  const { cluster } = config.clusters[0]
  const ca = cluster['certificate-authority-data']
  const agent = new Agent({
    keepAlive: true,
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca: Buffer.from(ca, 'base64') }),
  })
  const namespace = `contract-${Date.now().toString(36)}`
  try {
    return await runContract({ server: cluster.server, token: config.users[0].user.token, agent }, namespace)
  } finally {
    agent.destroy()
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
