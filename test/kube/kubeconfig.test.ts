import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readKubeconfig } from '../../src/kube/kubeconfig.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, content: unknown): string => {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}
/** A file with one context, cluster and user of that name. */
const config = (name: string, more: Record<string, unknown> = {}) => ({
  clusters: [{ name, cluster: { server: `https://${name}:6443` } }],
  users: [{ name, user: { token: `token-of-${name}` } }],
  contexts: [{ name, context: { cluster: name, user: name } }],
  'current-context': name,
  ...more,
})
const read = (env: Record<string, string>, context?: string, kubeconfig?: string) =>
  readKubeconfig({ context, kubeconfig, env: { HOME: folder, ...env } })

describe('which kubeconfig is read', () => {
  it('--kubeconfig before $KUBECONFIG', async () => {
    const a = write('a', config('a'))
    const b = write('b', config('b'))
    expect((await read({ KUBECONFIG: a }, undefined, b)).context).toBe('b')
  })

  it('all files of $KUBECONFIG, missing ones skipped, the first to name an entry wins', async () => {
    const a = write('a', config('a'))
    const b = write('b', {
      ...config('b'),
      clusters: [
        { name: 'a', cluster: { server: 'https://other' } },
        { name: 'b', cluster: { server: 'https://b:6443' } },
      ],
    })
    const env = { KUBECONFIG: [join(folder, 'missing'), a, '', b, join(folder, 'gone')].join(delimiter) }
    expect(await read(env)).toMatchObject({ context: 'a', server: 'https://a:6443' })
    expect(await read(env, 'b')).toMatchObject({ server: 'https://b:6443', user: { token: 'token-of-b' } })
  })

  it('the current context of the first file that has one', async () => {
    const a = write('a', { ...config('a'), 'current-context': '' })
    const b = write('b', config('b'))
    expect((await read({ KUBECONFIG: [a, b].join(delimiter) })).context).toBe('b')
  })

  it('none there: says where it looked', async () => {
    await expect(read({})).rejects.toMatchObject({
      kind: 'undecided',
      code: 'no-kubeconfig',
      message: expect.stringContaining(join(folder, '.kube', 'config')),
    })
    await expect(read({}, undefined, join(folder, 'nope'))).rejects.toMatchObject({
      kind: 'usage',
      code: 'no-kubeconfig',
    })
  })
})

describe('which context is used', () => {
  it('an unknown one names those there are, and what was meant', async () => {
    const env = { KUBECONFIG: write('a', config('kind-lab')) }
    await expect(read(env, 'kind-lba')).rejects.toMatchObject({
      kind: 'usage',
      code: 'unknown-context',
      message: expect.stringContaining('did you mean "kind-lab"'),
      hint: expect.stringContaining('kind-lab'),
    })
  })

  it('no current one asks for --context', async () => {
    const env = { KUBECONFIG: write('a', { ...config('a'), 'current-context': undefined }) }
    await expect(read(env)).rejects.toMatchObject({
      code: 'no-context',
      hint: expect.stringContaining('--context'),
    })
  })

  it('a current one that is not there is named', async () => {
    const env = { KUBECONFIG: write('a', config('a', { 'current-context': 'gone' })) }
    await expect(read(env)).rejects.toMatchObject({
      code: 'unknown-context',
      message: expect.stringContaining('"gone"'),
    })
  })

  it('one whose cluster or user is missing is a bad kubeconfig', async () => {
    const noCluster = { KUBECONFIG: write('a', config('a', { clusters: [] })) }
    await expect(read(noCluster)).rejects.toMatchObject({ code: 'bad-kubeconfig' })
    const noUser = { KUBECONFIG: write('b', config('b', { users: [] })) }
    await expect(read(noUser)).rejects.toMatchObject({ code: 'bad-kubeconfig' })
  })
})

describe('what it says', () => {
  it('paths are relative to the file they stand in', async () => {
    const file = write('a', {
      ...config('a'),
      clusters: [{ name: 'a', cluster: { server: 'https://a', 'certificate-authority': 'pki/ca.crt' } }],
      users: [
        { name: 'a', user: { 'client-key': 'pki/key', tokenFile: 'token', exec: { command: './plugin' } } },
      ],
    })
    const { cluster, user } = await read({ KUBECONFIG: file })
    expect(cluster['certificate-authority']).toBe(join(folder, 'pki/ca.crt'))
    expect(user).toMatchObject({
      'client-key': join(folder, 'pki/key'),
      tokenFile: join(folder, 'token'),
      exec: { command: join(folder, 'plugin') },
    })
  })

  it('a broken neighbour does not matter', async () => {
    const file = write('a', {
      ...config('a'),
      users: [
        { name: 'broken', user: { tokenFile: '/nowhere/token' } },
        { name: 'a', user: { token: 't' } },
      ],
      contexts: [{ name: 'half' }, { name: 'a', context: { cluster: 'a', user: 'a' } }],
    })
    expect((await read({ KUBECONFIG: file })).user).toEqual({ token: 't' })
  })

  it('broken YAML is named with the file', async () => {
    const file = write('a', 'clusters: [')
    await expect(read({ KUBECONFIG: file })).rejects.toMatchObject({
      code: 'bad-kubeconfig',
      message: expect.stringContaining(file),
    })
  })

  // A folder instead of a file: unreadable for root too, who may read any file.
  it('what cannot be read is named', async () => {
    await expect(read({ KUBECONFIG: folder })).rejects.toMatchObject({
      code: 'bad-kubeconfig',
      message: expect.stringContaining(folder),
    })
  })

  it('http is for this machine, or for those who renounce safety', async () => {
    const at = (server: string, more = {}) => ({
      KUBECONFIG: write('a', { ...config('a'), clusters: [{ name: 'a', cluster: { server, ...more } }] }),
    })
    await expect(read(at('http://lab.example:8080'))).rejects.toMatchObject({ code: 'insecure-server' })
    expect((await read(at('http://127.0.0.1:8001/'))).server).toBe('http://127.0.0.1:8001')
    expect((await read(at('http://lab.example', { 'insecure-skip-tls-verify': true }))).server).toBe(
      'http://lab.example',
    )
    await expect(read(at('lab.example:6443'))).rejects.toMatchObject({ code: 'bad-kubeconfig' })
  })
})
