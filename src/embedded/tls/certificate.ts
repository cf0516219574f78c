import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import * as der from './der.ts'

const ECDSA_WITH_SHA256 = der.sequence(der.oid('1.2.840.10045.4.3.2'))
const COMMON_NAME = '2.5.4.3'
const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE = '2.5.29.15'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const SUBJECT_KEY_ID = '2.5.29.14'
const AUTHORITY_KEY_ID = '2.5.29.35'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

const DAY_MS = 86_400_000
/** Longer than any course; clocks of laptops may be a day behind. */
const VALID_DAYS = 3_650

export interface Authority {
  readonly name: string
  readonly key: KeyObject
  readonly keyId: Buffer
  readonly pem: string
}

export interface ServerIdentity {
  readonly certificatePem: string
  readonly keyPem: string
}

/** A certificate authority that lives as long as its cluster. */
export function createAuthority(name: string, now = new Date()): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keyId = keyIdOf(publicKey)
  const pem = certificate({
    subject: name,
    issuer: { name, key: privateKey, keyId },
    publicKey,
    now,
    extensions: [
      extension(BASIC_CONSTRAINTS, der.sequence(der.boolean(true)), true),
      // keyCertSign and cRLSign.
      extension(KEY_USAGE, der.bits(Buffer.from([0x06]), 1), true),
    ],
  })
  return { name, key: privateKey, keyId, pem }
}

/** A server certificate for IPv4 addresses and DNS names. */
export function issueServer(
  authority: Authority,
  names: { readonly addresses: readonly string[]; readonly dns: readonly string[] },
  now = new Date(),
): ServerIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const alternatives = der.sequence(
    ...names.dns.map((name) => der.contextPrimitive(2, Buffer.from(name))),
    ...names.addresses.map((address) => der.contextPrimitive(7, Buffer.from(address.split('.').map(Number)))),
  )
  const certificatePem = certificate({
    subject: 'kube-apiserver',
    issuer: authority,
    publicKey,
    now,
    extensions: [
      // digitalSignature.
      extension(KEY_USAGE, der.bits(Buffer.from([0x80]), 7), true),
      extension(EXTENDED_KEY_USAGE, der.sequence(der.oid(SERVER_AUTH))),
      extension(SUBJECT_ALTERNATIVE_NAME, alternatives),
    ],
  })
  return { certificatePem, keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

interface Request {
  readonly subject: string
  readonly issuer: Pick<Authority, 'name' | 'key' | 'keyId'>
  readonly publicKey: KeyObject
  readonly now: Date
  readonly extensions: readonly Buffer[]
}

function certificate({ subject, issuer, publicKey, now, extensions }: Request): string {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  const body = der.sequence(
    der.context(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    ECDSA_WITH_SHA256,
    distinguishedName(issuer.name),
    der.sequence(
      der.time(new Date(now.getTime() - DAY_MS)),
      der.time(new Date(now.getTime() + VALID_DAYS * DAY_MS)),
    ),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.context(
      3,
      der.sequence(
        ...extensions,
        extension(SUBJECT_KEY_ID, der.octets(keyIdOf(publicKey))),
        extension(AUTHORITY_KEY_ID, der.sequence(der.contextPrimitive(0, issuer.keyId))),
      ),
    ),
  )
  const signed = der.sequence(body, ECDSA_WITH_SHA256, der.bits(sign('sha256', body, issuer.key)))
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const distinguishedName = (name: string): Buffer =>
  der.sequence(der.setOf(der.sequence(der.oid(COMMON_NAME), der.utf8(name))))

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octets(value))

const keyIdOf = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
