import { describe, expect, it } from 'vitest'
import type { Pod } from '../../src/embedded/shapes.ts'
import type { ManifestDocument } from '../../src/ports.ts'
import type { Observation } from '../../src/timeline/observation.ts'
import { Timeline } from '../../src/timeline/timeline.ts'
import { eventually } from '../e2e/support/eventually.ts'
import { embeddedServer } from './support/embedded-server.ts'

const signal = new AbortController().signal
const here = embeddedServer()

const SET = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
    },
  },
}
const document = (object: ManifestDocument['object']): ManifestDocument => ({
  object,
  source: { file: 'web.yaml', line: 1, position: () => null },
})
const podNamed = (name: string) => ({
  metadata: { name, namespace: 'default', labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
})
const told = (observations: readonly Observation[]) =>
  observations.flatMap((seen) =>
    'object' in seen ? [`${seen.type} ${seen.object.name}`] : seen.type === 'gap' ? ['gap'] : [],
  )

describe('sts-lab on the embedded API server', () => {
  it('finds out whom it speaks to', async () => {
    const identity = await here.cluster.identity(signal)
    expect(identity).toMatchObject({ context: 'sts-lab-embedded', version: 'v1.34.0+sts-lab-simulated' })
  })

  it('applies a manifest, and sees when that changes nothing', async () => {
    const options = { labels: { course: 'x' }, signal }
    const first = await here.cluster.apply([document(SET)], options)
    const again = await here.cluster.apply([document(SET)], options)
    expect([...first, ...again].map(({ change }) => change)).toEqual(['created', 'unchanged'])
    await here.cluster.scale(
      { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'default', name: 'web' },
      4,
      signal,
    )
    expect(await here.cluster.list({ apiVersion: 'apps/v1', kind: 'StatefulSet' }, { signal })).toMatchObject(
      [{ metadata: { labels: { course: 'x' } }, spec: { replicas: 4 } }],
    )
  })

  it('is told which field of a manifest nobody knows', async () => {
    const typo = { ...SET, spec: { ...SET.spec, replicass: 3 } }
    await expect(here.cluster.apply([document(typo)], { labels: {}, signal })).rejects.toMatchObject({
      code: 'unknown-field',
      message: expect.stringContaining('replicas'),
    })
  })

  it('deletes one life of a pod and no other', async () => {
    const ref = { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'once' }
    const pod = here.client.create('pods', podNamed('once'))
    expect(await here.cluster.remove(ref, { uid: 'another', signal })).toBe('replaced')
    expect(await here.cluster.remove(ref, { uid: pod.metadata.uid ?? '', signal })).toBe('deleting')
    expect(await here.cluster.remove(ref, { signal })).toBe('absent')
  })

  it('runs commands in a pod and reads its log', async () => {
    const pod = here.client.create<Pod>('pods', podNamed('shell'))
    const run = (...command: readonly string[]) =>
      here.cluster.exec({
        namespace: 'default',
        pod: 'shell',
        container: 'main',
        command,
        timeoutMs: 5_000,
        signal,
      })
    await expect(run('echo', 'hi')).rejects.toThrow('does not have a host assigned')
    here.client.bind(pod, 'node')
    expect(await run('echo', 'hi')).toMatchObject({ exitCode: 0, stdout: Buffer.from('hi\n') })
    expect(await run('exit', '7')).toMatchObject({ exitCode: 7, stderr: Buffer.from('leaving\n') })
    expect(await run('nothing')).toMatchObject({
      exitCode: null,
      failure: expect.stringContaining('not found'),
    })
    const logs = here.cluster.logs({ namespace: 'default', pod: 'shell', tailLines: 2, signal })
    expect(await logs).toBe('two\nshell\n')
  })

  it('records every change, through watches that are cut, without a gap', async () => {
    const timeline = new Timeline(() => new Date())
    const recording = await here.cluster.record({ namespace: 'default', timeline, streams: ['pods'], signal })
    for (const name of ['r0', 'r1', 'r2']) {
      here.client.create('pods', podNamed(name))
      here.server.faults.cutWatches('pods')
    }
    const last = here.client.get('pods', 'default', 'r0')
    if (last !== null) here.client.remove('pods', last)
    await eventually('the deletion is seen', async () =>
      told(timeline.observations).includes('deleted r0') ? null : told(timeline.observations).join(', '),
    )
    await recording.stop()
    const seen = told(timeline.observations).filter((text) => !text.startsWith('listed'))
    expect(seen).toEqual(['added r0', 'added r1', 'added r2', 'modified r0', 'deleted r0'])
  })

  it('records a gap where the server no longer knows what happened', async () => {
    const timeline = new Timeline(() => new Date())
    const recording = await here.cluster.record({ namespace: 'default', timeline, streams: ['pods'], signal })
    // The recording is ready with its list; its watch opens a moment later.
    await eventually('a watch is open', async () =>
      here.server.faults.expireWatches('pods') > 0 ? null : 'none yet',
    )
    await eventually('the gap is seen', async () =>
      told(timeline.observations).includes('gap') ? null : told(timeline.observations).join(', '),
    )
    await recording.stop()
  })
})
