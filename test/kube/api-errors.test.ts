import { describe, expect, it } from 'vitest'
import { apiError } from '../../src/kube/api-errors.ts'
import { connectionError } from '../../src/kube/connection-errors.ts'

const status = (code: number, reason: string, message: string, details: unknown = {}) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message,
  details,
})

describe('a refusal by the API server', () => {
  it.each([
    [400, 'BadRequest', 'container nope is not valid for pod web-0', 'usage', 'invalid'],
    [401, 'Unauthorized', 'Unauthorized', 'undecided', 'unauthorized'],
    [403, 'Forbidden', 'pods is forbidden: User "x" cannot list', 'undecided', 'forbidden'],
    [403, 'Forbidden', 'pods "x" is forbidden: exceeded quota: q, requested: pods=1', 'undecided', 'quota'],
    [404, 'NotFound', 'pods "x" not found', 'undecided', 'not-found'],
    [409, 'AlreadyExists', 'namespaces "x" already exists', 'undecided', 'already-exists'],
    [409, 'Conflict', 'the object has been modified', 'undecided', 'conflict'],
    [410, 'Expired', 'too old resource version', 'undecided', 'gone'],
    [413, 'RequestEntityTooLarge', 'limit is 3145728', 'usage', 'too-large'],
    [415, 'UnsupportedMediaType', 'apply-patch+yaml', 'undecided', 'unsupported'],
    [422, 'Invalid', 'StatefulSet.apps "web" is invalid', 'usage', 'invalid'],
    [429, 'TooManyRequests', 'slow down', 'undecided', 'too-many-requests'],
    [500, 'InternalError', 'boom', 'undecided', 'server-error'],
    [500, 'InternalError', 'etcdserver: leader changed', 'undecided', 'unavailable'],
    [500, 'InternalError', 'etcdserver: request timed out', 'undecided', 'unavailable'],
    [
      500,
      '',
      'failed to create typed patch object: .spec.replicass: field not declared in schema',
      'usage',
      'unknown-field',
    ],
    [500, '', 'failed to create typed patch object: .spec.replicas: expected numeric', 'usage', 'invalid'],
    [400, 'BadRequest', 'strict decoding error: unknown field "spec.replicass"', 'usage', 'unknown-field'],
    [503, 'ServiceUnavailable', 'starting', 'undecided', 'unavailable'],
    [504, 'Timeout', 'request did not complete', 'undecided', 'unavailable'],
  ])('%i %s "%s" is %s %s', (code, reason, message, kind, ours) => {
    const error = apiError(code, status(code, reason, message))
    expect(error).toMatchObject({ kind, code: ours, status: code })
    expect(error.message).toContain(message)
  })

  it('because the namespace is going is told from a missing right', () => {
    const causes = [
      {
        reason: 'NamespaceTerminating',
        message: 'namespace x is being terminated',
        field: 'metadata.namespace',
      },
    ]
    expect(apiError(403, status(403, 'Forbidden', 'forbidden', { causes }))).toMatchObject({
      code: 'namespace-terminating',
    })
  })

  it('because others own fields names the fields and their owners', () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        message: 'conflict with "kubectl-patch" using apps/v1',
        field: '.spec.replicas',
      },
      { reason: 'FieldManagerConflict', message: 'conflict with "helm"', field: '.spec.template' },
    ]
    const error = apiError(409, status(409, 'Conflict', 'Apply failed with 2 conflicts', { causes }))
    expect(error).toMatchObject({ kind: 'usage', code: 'conflict' })
    expect(error.message).toContain('spec.replicas (conflict with "kubectl-patch" using apps/v1)')
    expect(error.message).toContain('spec.template (conflict with "helm")')
  })

  it('because a namespace is missing says how to make it', () => {
    const error = apiError(
      404,
      status(404, 'NotFound', 'namespaces "lab" not found', { kind: 'namespaces', name: 'lab' }),
    )
    expect(error.hint).toContain('kubectl create namespace lab')
  })

  it('says how long to wait, from Retry-After or the Status', () => {
    expect(apiError(429, status(429, 'TooManyRequests', 'x'), '3').retryAfterMs).toBe(3000)
    expect(apiError(503, status(503, 'x', 'x', { retryAfterSeconds: 2 })).retryAfterMs).toBe(2000)
    expect(apiError(503, status(503, 'x', 'x')).retryAfterMs).toBeNull()
  })

  it('by a proxy in HTML is shown without its markup and control characters', () => {
    const error = apiError(502, '<html><h1>Bad\u001b[31m Gateway</h1></html>', undefined, 'GET /version')
    expect(error.code).toBe('unavailable')
    expect(error.message).toContain('Bad [31m Gateway')
    expect(error.message).toContain('GET /version')
  })

  it('inside a watch has the code of its Status', () => {
    expect(apiError(200, status(410, 'Expired', 'too old'))).toMatchObject({ code: 'gone', status: 410 })
  })
})

describe('a fault of the connection', () => {
  it.each([
    ['ECONNREFUSED', 'connection-refused'],
    ['EHOSTUNREACH', 'connection-refused'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['ECONNRESET', 'connection-lost'],
    ['EPIPE', 'connection-lost'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['HPE_INVALID_CONSTANT', 'bad-answer'],
  ])('%s is %s, with the server and a hint', (code, ours) => {
    const error = connectionError(Object.assign(new Error('x'), { code }), 'https://lab:6443', 'connecting')
    expect(error).toMatchObject({ kind: 'undecided', code: ours })
    expect(error.message).toContain('https://lab:6443')
    expect(error.hint).not.toBeNull()
  })
})
