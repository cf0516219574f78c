import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { Parser } from '../../../../src/embedded/node/sh/parser.ts'
import { type ApiObject, at, listAt } from '../../../../src/embedded/object.ts'
import type { Container, PodSpec } from '../../../../src/embedded/shapes.ts'
import { parseListing, READ_CLAIM, REMOVE_TOKEN } from '../../../../src/run/claim-script.ts'
import { aPodCluster, SLEEPER } from './pod-cluster.ts'

const FILES = ['manifests', 'labs/example/manifests'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name)),
)
// A student's sheet has blanks in it: it is no manifest yet.
const specs = FILES.filter((file) => !readFileSync(file, 'utf8').includes('___')).flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const spec = at(document.toJS(), 'spec', 'template', 'spec')
    return spec === undefined ? [] : [{ file, spec: spec as PodSpec }]
  }),
)

/** As in the labs, with claims that are there for the asking. */
const runnable = (spec: PodSpec): PodSpec => ({
  ...spec,
  terminationGracePeriodSeconds: 5,
  containers: spec.containers.map((container: Container) => ({
    ...container,
    volumeMounts: container.volumeMounts ?? [],
  })),
  volumes: [
    ...new Set(spec.containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))),
  ].map((name) => ({ name, emptyDir: {} })),
})

describe('the pods of the labs', () => {
  it.each(specs)('run, and go when they are told to: $file', ({ file, spec }) => {
    const cluster = aPodCluster()
    cluster.run('web-0', runnable(spec))
    cluster.seconds(5)
    const status = cluster.container('web-0')
    // Some are about containers that end by themselves.
    if (/trouble-2(?!.*without-settings)|ends/.test(file))
      expect(status.restartCount + (status.state?.terminated === undefined ? 0 : 1)).toBeGreaterThan(0)
    else expect(status.state).toHaveProperty('running')
    cluster.remove('web-0')
    cluster.seconds(1)
    expect(cluster.pod('web-0')).toBeNull()
  })

  it('have scripts that can be read to their end', () => {
    for (const { spec } of specs)
      for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
        const script = container.command?.[2]
        if (script === undefined) continue
        const parser = new Parser(script)
        while (parser.next() !== null);
        expect(listAt({ command: container.command }, 'command').length).toBeGreaterThan(2)
      }
  })
})

describe('what is run in pods to prove them', () => {
  it('reads a claim, leaves a token on it, and takes it away', async () => {
    const cluster = aPodCluster()
    cluster.run('web-0', {
      containers: [
        {
          ...SLEEPER,
          volumeMounts: [
            { name: 'data', mountPath: '/data' },
            { name: 'inner', mountPath: '/data/inner' },
          ],
        },
      ],
      volumes: [
        { name: 'data', emptyDir: {} },
        { name: 'inner', emptyDir: {} },
      ],
    } as ApiObject['spec'] & object)
    await cluster.exec(
      'web-0',
      'sh',
      '-c',
      'mkdir /data/sub; echo "I am web-0" >/data/id; echo other >/data/sub/o; echo no >/data/inner/no; ln -s /etc/passwd /data/link',
    )
    const { out, end } = await cluster.exec(
      'web-0',
      'sh',
      '-c',
      READ_CLAIM,
      'sh',
      '--b--',
      'web-0',
      '/data',
      '.sts-lab-web-0',
      'token',
      '/data/inner',
    )
    expect(end).toEqual({ exitCode: 0 })
    const listing = parseListing(Buffer.from(out), '--b--', '/data')
    expect(listing).toMatchObject({ tokens: { '.sts-lab-web-0': 'token' }, fileCount: 2, partial: false })
    expect(listing?.files.map(({ path, text }) => [path, text])).toEqual([
      ['id', 'I am web-0\n'],
      ['sub/o', 'other\n'],
    ])
    expect(listing?.files[0]?.copy?.inode).toMatch(/^\d+$/)
    await cluster.exec('web-0', 'sh', '-c', REMOVE_TOKEN, 'sh', '/data', '.sts-lab-web-0')
    expect((await cluster.exec('web-0', 'ls', '-A', '/data')).out).toBe('id\ninner\nlink\nsub\n')
  })
})
