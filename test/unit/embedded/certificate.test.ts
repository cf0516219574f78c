import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kubeconfigText, writeKubeconfig } from '../../../src/embedded/kubeconfig.ts'
import { createAuthority, issueServer } from '../../../src/embedded/tls/certificate.ts'

describe('the certificates', () => {
  const authority = createAuthority('an authority')
  const server = issueServer(authority, { addresses: ['127.0.0.1'], dns: ['localhost'] })
  const root = new X509Certificate(authority.pem)
  const leaf = new X509Certificate(server.certificatePem)

  it('hold together: the authority signs itself and the server', () => {
    expect(root.ca).toBe(true)
    expect(root.verify(root.publicKey)).toBe(true)
    expect(leaf.ca).toBe(false)
    expect(leaf.checkIssued(root)).toBe(true)
    expect(leaf.verify(root.publicKey)).toBe(true)
    expect(leaf.checkPrivateKey(createPrivateKey(server.keyPem))).toBe(true)
    expect(leaf.verify(new X509Certificate(createAuthority('another').pem).publicKey)).toBe(false)
  })

  it('name the server by address and by name, for now and for years', () => {
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(leaf.checkHost('localhost')).toBe('localhost')
    expect(leaf.checkIP('127.0.0.2')).toBeUndefined()
    expect(Date.parse(leaf.validFrom)).toBeLessThan(Date.now())
    expect(Date.parse(leaf.validTo)).toBeGreaterThan(Date.now() + 9 * 365 * 86_400_000)
  })
})

describe('the kubeconfig', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'kubeconfig-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const access = { server: 'https://127.0.0.1:1', caPem: 'CA', token: 'secret' }

  it('is for its owner alone, and leaves nothing else behind', () => {
    const file = path.join(folder, 'deep', 'config')
    writeKubeconfig(file, access)
    writeKubeconfig(file, access)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.dirname(file))).toEqual(['config'])
  })

  it('makes its only context the current one', () => {
    expect(kubeconfigText(access, 'mine')).toContain('current-context: mine')
  })
})
