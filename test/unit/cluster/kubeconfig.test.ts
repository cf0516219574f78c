import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { editKubeconfig, kubeconfigPath, withNative, withoutNative } from '../../cluster/kubeconfig.mjs'

const SERVER = 'https://127.0.0.1:26443'
const ours = JSON.stringify({
  clusters: [{ name: 'native', cluster: { server: SERVER } }],
  users: [{ name: 'native', user: { token: 'secret' } }],
  contexts: [{ name: 'native', context: { cluster: 'native', user: 'native' } }],
  'current-context': 'native',
})
const theirs = `# my clusters
apiVersion: v1
kind: Config
clusters:
  - name: work # keep
    cluster: { server: 'https://work.example', x-unknown: 1 }
users:
  - name: me
    user: { token: 'abc' }
contexts:
  - name: work
    context: { cluster: work, user: me }
current-context: work
preferences: {}
`

describe('the native context in a kubeconfig', () => {
  it('makes a whole kubeconfig where there is none', () => {
    expect(parse(withNative('', ours))).toEqual({ apiVersion: 'v1', kind: 'Config', ...JSON.parse(ours) })
  })

  it('joins the entries of others and becomes the current one', () => {
    const merged = withNative(theirs, ours)
    expect(merged).toContain('# my clusters')
    expect(merged).toContain('# keep')
    expect(parse(merged).clusters).toEqual([
      { name: 'work', cluster: { server: 'https://work.example', 'x-unknown': 1 } },
      { name: 'native', cluster: { server: SERVER } },
    ])
    expect(parse(merged)['current-context']).toBe('native')
  })

  it('is replaced, not doubled, by a second up', () => {
    const again = ours.replace('secret', 'another')
    const merged = parse(withNative(withNative(theirs, ours), again))
    expect(merged.users.map((user: { name: string }) => user.name)).toEqual(['me', 'native'])
    expect(merged.users[1].user.token).toBe('another')
  })

  it('leaves nothing but the entries of others when it goes', () => {
    const left = parse(withoutNative(withNative(theirs, ours), SERVER) ?? '')
    expect(left).toEqual({ ...parse(theirs), 'current-context': '' })
  })

  it('keeps the current context of somebody who chose another since', () => {
    const merged = withNative(theirs, ours).replace('current-context: native', 'current-context: work')
    expect(parse(withoutNative(merged, SERVER) ?? '')).toEqual(parse(theirs))
  })

  it('never overwrites and never removes a cluster of that name that leads elsewhere', () => {
    const foreign = withNative('', ours).replaceAll(SERVER, 'https://elsewhere.example')
    expect(() => withNative(foreign, ours)).toThrow('https://elsewhere.example')
    expect(withoutNative(foreign, SERVER)).toBeNull()
    expect(withoutNative(theirs, SERVER)).toBeNull()
  })

  it('refuses to rewrite what it cannot read', () => {
    expect(() => withNative('a: [', ours)).toThrow('not YAML')
    expect(() => withNative('- a', ours)).toThrow('not a mapping')
  })

  it('goes where kubectl would look first', () => {
    expect(kubeconfigPath({ KUBECONFIG: ':/a:/b' })).toBe('/a')
    expect(kubeconfigPath({})).toMatch(/\.kube\/config$/)
  })
})

describe('editing a kubeconfig file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('makes folder and file for their owner only', async () => {
    const file = join(folder, '.kube', 'config')
    expect(await editKubeconfig(file, () => 'a: 1\n')).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe('a: 1\n')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, '.kube')).mode & 0o777).toBe(0o700)
  })

  it('follows a link instead of replacing it', async () => {
    const file = join(folder, 'real')
    writeFileSync(file, 'a: 1\n')
    symlinkSync(file, join(folder, 'config'))
    await editKubeconfig(join(folder, 'config'), (text: string) => `${text}b: 2\n`)
    expect(readFileSync(file, 'utf8')).toBe('a: 1\nb: 2\n')
  })

  it('loses no edit when several come at once', async () => {
    const file = join(folder, 'config')
    await Promise.all([1, 2, 3, 4, 5].map((n) => editKubeconfig(file, (text: string) => `${text}${n}\n`)))
    expect(readFileSync(file, 'utf8').trim().split('\n').sort()).toEqual(['1', '2', '3', '4', '5'])
  })

  it('leaves the file as it was, and unlocked, when the change fails', async () => {
    const file = join(folder, 'config')
    writeFileSync(file, 'a: 1\n')
    const failing = editKubeconfig(file, () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await editKubeconfig(file, () => null)).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('a: 1\n')
  })
})
