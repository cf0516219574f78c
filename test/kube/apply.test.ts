import { Agent } from 'node:https'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/host/clock.ts'
import { clusterOver, type OpenedCluster } from '../../src/kube/cluster.ts'
import { parseManifest } from '../../src/kube/manifest.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { type ApiStub, json, refusal, startApiStub } from '../helpers/api-stub.ts'

const signal = new AbortController().signal
let stub: ApiStub
let cluster: OpenedCluster
beforeEach(async () => {
  stub = await startApiStub()
  const agent = new Agent({ keepAlive: true, ca: stub.ca })
  const connection = createTransport({
    server: stub.url,
    credential: async () => ({ headers: {}, agent, renewable: false }),
  })
  cluster = clusterOver(connection, { context: 'lab', namespace: null, clock: systemClock })
})
afterEach(async () => {
  cluster.close()
  await stub.close()
})

const WEB = '/apis/apps/v1/namespaces/lab/statefulsets/web'
const MANIFEST = `# the set
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
  labels: {app: web}
spec:
  replicass: 3
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: side
          image: a
        - name: box
          image: b
          imagePulPolicy: Always
          serviceName: web
          ports: [{containerPort: 80}]
`
const apply = (text = MANIFEST, more: { namespace?: string; force?: boolean } = { namespace: 'lab' }) =>
  cluster.apply(parseManifest(text, 'web.yaml'), { labels: { 'sts-lab.dev/run': 'r1' }, signal, ...more })
const object = (metadata: Record<string, unknown>) => ({ metadata: { name: 'web', uid: 'u', ...metadata } })
const absent = refusal(404, 'NotFound', 'no')

/** As /openapi/v2 describes a StatefulSet, and as servers send it: JSON called text. */
const describeKinds = () =>
  stub.on('GET /openapi/v2', (_, response) => {
    const definitions = {
      sts: {
        'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'StatefulSet' }],
        properties: { apiVersion: {}, kind: {}, metadata: {}, spec: { $ref: '#/definitions/stsSpec' } },
      },
      stsSpec: {
        properties: { replicas: {}, serviceName: {}, template: { $ref: '#/definitions/template' } },
      },
      template: {
        properties: {
          metadata: {},
          spec: { properties: { containers: { items: { $ref: '#/definitions/box' } } } },
        },
      },
      box: { properties: { name: {}, image: {}, imagePullPolicy: {}, ports: {} } },
    }
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
      .end(JSON.stringify({ definitions }))
  })

describe('apply', () => {
  it('sends the object as it is written, with namespace, labels and strict checking', async () => {
    stub.on(`GET ${WEB}`, absent)
    stub.on(`PATCH ${WEB}`, json(object({}), 201))
    const [applied] = await apply()
    expect(applied).toMatchObject({ uid: 'u', change: 'created', ref: { namespace: 'lab', name: 'web' } })
    const request = stub.requests.at(-1)
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      fieldManager: 'sts-lab',
      force: 'false',
      fieldValidation: 'Strict',
    })
    expect(request?.headers['content-type']).toBe('application/apply-patch+yaml')
    expect(request?.json()).toMatchObject({
      metadata: { namespace: 'lab', labels: { app: 'web', 'sts-lab.dev/run': 'r1' } },
      spec: { replicass: 3, template: { metadata: { labels: { app: 'web' } } } },
    })
  })

  it('writes the protocol into ports, which servers before 1.21 insist on', async () => {
    stub.on(`GET ${WEB}`, absent)
    stub.on(`PATCH ${WEB}`, json(object({}), 201))
    stub.on('GET /api/v1/namespaces/lab/services/web', absent)
    stub.on('PATCH /api/v1/namespaces/lab/services/web', json(object({}), 201))
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}, {port: 53, protocol: UDP}]}'
    await apply(`${service}\n---\n${MANIFEST}`)
    const [sentService, sentSet] = stub.requests
      .filter(({ method }) => method === 'PATCH')
      .map((request) => request.json())
    expect(sentService).toMatchObject({
      spec: {
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
    })
    expect(sentSet).toMatchObject({
      spec: { template: { spec: { containers: [{}, { ports: [{ protocol: 'TCP' }] }] } } },
    })
  })

  it.each([
    [{ resourceVersion: '1', generation: 1 }, { resourceVersion: '1', generation: 1 }, 'unchanged'],
    [{ resourceVersion: '1', generation: 1 }, { resourceVersion: '2', generation: 2 }, 'configured'],
    // Only the status moved.
    [{ resourceVersion: '1', generation: 1 }, { resourceVersion: '2', generation: 1 }, 'unchanged'],
    [
      { resourceVersion: '1', generation: 1 },
      { resourceVersion: '2', generation: 1, labels: { a: 'b' } },
      'configured',
    ],
    // Kinds without a generation.
    [{ resourceVersion: '1' }, { resourceVersion: '2' }, 'configured'],
  ])('from %j to %j is %s', async (before, after, change) => {
    stub.on(`GET ${WEB}`, json(object(before)))
    stub.on(`PATCH ${WEB}`, json(object(after)))
    expect((await apply())[0]?.change).toBe(change)
  })

  it('forces only when asked', async () => {
    stub.on(`GET ${WEB}`, absent)
    stub.on(`PATCH ${WEB}`, json(object({})))
    await apply(MANIFEST, { namespace: 'lab', force: true })
    expect(stub.requests.at(-1)?.query.get('force')).toBe('true')
  })

  it('sends nothing when a later document is of an unknown kind or another namespace', async () => {
    stub.on('GET /apis/apps/v1', json({ resources: [] }))
    const later = (text: string) => apply(`${MANIFEST}---\n${text}`)
    await expect(later('apiVersion: apps/v1\nkind: Nope\nmetadata: {name: x}')).rejects.toMatchObject({
      code: 'unknown-kind',
    })
    await expect(
      later('apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  namespace: other'),
    ).rejects.toMatchObject({
      kind: 'usage',
      code: 'namespace-mismatch',
      message: expect.stringContaining('web.yaml:25'),
    })
    expect(stub.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(0)
  })

  it('does not quarrel with itself over what it scaled', async () => {
    const causes = [
      {
        reason: 'FieldManagerConflict',
        field: '.spec.replicas',
        message: 'conflict with "sts-lab" with subresource "scale" using apps/v1',
      },
    ]
    stub.on(`GET ${WEB}`, json(object({ resourceVersion: '1' })))
    stub.on(
      `PATCH ${WEB}`,
      refusal(409, 'Conflict', '1 conflict', { causes }),
      json(object({ resourceVersion: '2' })),
    )
    expect((await apply())[0]?.change).toBe('configured')
    expect(stub.requests.at(-1)?.query.get('force')).toBe('true')
  })

  it('shows who owns the fields in conflict, and the way out', async () => {
    stub.on(`GET ${WEB}`, json(object({ resourceVersion: '1' })))
    const causes = ['kubectl-patch', 'sts-lab'].map((manager) => ({
      reason: 'FieldManagerConflict',
      field: '.spec.replicas',
      message: `conflict with "${manager}" using apps/v1`,
    }))
    stub.on(`PATCH ${WEB}`, refusal(409, 'Conflict', 'Apply failed with 1 conflict', { causes }))
    await expect(apply()).rejects.toMatchObject({
      kind: 'usage',
      code: 'conflict',
      message: expect.stringMatching(/StatefulSet\/web: .*spec\.replicas \(conflict with "kubectl-patch"/),
      hint: expect.stringContaining('kubectl delete statefulset web -n lab'),
    })
  })
})

describe('a refused field', () => {
  const refused = async (status: number, message: string, details: unknown = {}) => {
    stub.on(`GET ${WEB}`, absent)
    stub.on(`PATCH ${WEB}`, refusal(status, status === 422 ? 'Invalid' : '', message, details))
    return apply().then(
      () => expect.fail('it was not refused'),
      (error: unknown) => error as { kind: string; code: string; message: string; hint: string },
    )
  }

  it('that is unknown is shown in the file, with what was meant (1.20)', async () => {
    describeKinds()
    const error = await refused(
      500,
      'failed to create typed patch object: .spec.replicass: field not declared in schema',
    )
    expect(error).toMatchObject({ kind: 'usage', code: 'unknown-field' })
    expect(error.message).toBe(
      'web.yaml:8:3: StatefulSet/web: unknown field "spec.replicass"; did you mean "replicas"?\n    replicass: 3',
    )
    expect(error.hint).toContain('kubectl explain statefulset.spec')
  })

  it('in the item of a list is found by its name; several are all shown', async () => {
    describeKinds()
    const { message } = await refused(
      500,
      'failed to create typed patch object: errors:\n  .spec.template.spec.containers[name="box"].imagePulPolicy: field not declared in schema\n  .spec.replicass: field not declared in schema',
    )
    expect(message).toContain('web.yaml:17:11: StatefulSet/web: unknown field')
    expect(message).toContain('did you mean "imagePullPolicy"?')
    expect(message).toContain('web.yaml:8:3')
  })

  it('in the wording of newer servers is found too', async () => {
    describeKinds()
    const { code, message } = await refused(
      400,
      'strict decoding error: unknown field "spec.replicass", unknown field "spec.template.spec.containers[1].imagePulPolicy"',
    )
    expect(code).toBe('unknown-field')
    expect(message).toContain('web.yaml:8:3')
    expect(message).toContain('web.yaml:17:11')
  })

  it('that belongs further out says so', async () => {
    describeKinds()
    const { message } = await refused(
      500,
      'failed to create typed patch object: .spec.template.spec.containers[name="box"].serviceName: field not declared in schema',
    )
    expect(message).toContain('it belongs under "spec": look at its indentation')
  })

  it('is shown without a suggestion where the schema cannot be had', async () => {
    stub.on('GET /openapi/v2', refusal(403, 'Forbidden', 'no'))
    const { message } = await refused(
      500,
      'failed to create typed patch object: .spec.replicass: field not declared in schema',
    )
    expect(message).toContain('web.yaml:8:3')
    expect(message).not.toContain('did you mean')
  })

  it('with an invalid value is shown at its line, once', async () => {
    const cause = {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "b"',
      field: 'spec.template.spec.containers[1].image',
    }
    const error = await refused(422, 'StatefulSet.apps "web" is invalid', { causes: [cause, cause] })
    expect(error).toMatchObject({ kind: 'usage', code: 'invalid' })
    expect(error.message).toBe(
      'web.yaml:16:11: StatefulSet/web: spec.template.spec.containers[1].image: Invalid value: "b"\n    image: b',
    )
  })

  it('that is missing is shown at its parent', async () => {
    const cause = { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }
    expect((await refused(422, 'invalid', { causes: [cause] })).message).toContain(
      'web.yaml:7:1: StatefulSet/web: spec.selector',
    )
  })

  it('that nobody names is shown at the document', async () => {
    expect((await refused(422, 'something is wrong')).message).toContain(
      'web.yaml:2: StatefulSet/web is refused: something is wrong',
    )
  })
})
