import { describe, expect, it } from 'vitest'
import { LabError } from '../../../src/errors.ts'
import { type RecordingHeader, readRecording, writeRecording } from '../../../src/timeline/jsonl.ts'
import { anEvent, someEndpoints, TARGET } from '../../helpers/builders.ts'
import { perfectPass } from '../../helpers/perfect-pass.ts'
import { Script } from '../../helpers/script.ts'

const header: RecordingHeader = {
  kind: 'sts-lab-recording',
  version: 1,
  target: TARGET,
  cluster: {
    context: 'native',
    server: 'https://127.0.0.1:6443',
    version: 'v1.20.2',
    provider: 'native',
    simulated: false,
  },
  tool: { name: 'sts-lab', version: '0.1.0' },
  lab: 'section3',
  startedAt: '2026-01-01T00:00:00.000Z',
}

describe('a saved recording', () => {
  it('comes back exactly, with every kind of observation in it', () => {
    const script = new Script().lists(2).gap('claims', 'weird \u001b\n "text"')
    script.add({
      stream: 'endpoints',
      type: 'listed',
      object: someEndpoints({ ready: [{ ip: '10.0.0.1', hostname: null, pod: 'web-0' }] }),
    })
    script.add({ stream: 'events', type: 'added', object: anEvent() })
    script
      .begin('update')
      .did({ do: 'apply', objects: ['StatefulSet/web'] })
      .did({ do: 'other', what: 'x' })
      .deletes(0)
    script.writesToken(0).content(0).dns([0, 1]).volume(0).read({ read: 'dns-unavailable', reason: 'y' })
    script.read({
      read: 'page',
      of: 'service',
      name: 'x',
      port: 80,
      from: 'p',
      asked: 2,
      pages: 1,
      text: 'refused',
    })
    script.read({ read: 'page-unavailable', reason: 'y' })
    script
      .read({ read: 'unreadable', pod: 'web-0', podUid: 'u', claim: 'c', template: 't', reason: 'r' })
      .pod(1, 'vanished')
    script.end('update', 'interrupted', 'Ctrl-C')
    const text = writeRecording({ header, observations: script.observations })
    expect(readRecording(text, 'run.jsonl')).toEqual({ header, observations: script.observations })
    expect(writeRecording(readRecording(text, 'run.jsonl'))).toBe(text)
  })

  it('of a whole pass comes back exactly', () => {
    const observations = perfectPass()
    expect(readRecording(writeRecording({ header, observations }), 'f').observations).toEqual(observations)
  })

  it('may be of a run that never reached a cluster', () => {
    const lost = { ...header, cluster: null, target: { ...TARGET, uid: null } }
    expect(readRecording(writeRecording({ header: lost, observations: [] }), 'f')).toEqual({
      header: lost,
      observations: [],
    })
  })
})

describe('reading a recording refuses', () => {
  const lines = writeRecording({ header, observations: perfectPass() }).trimEnd().split('\n')
  const spoil = (change: (lines: string[]) => string[]) => `${change([...lines]).join('\n')}\n`

  it('what says that the practice cluster is a real one', () => {
    const { cluster } = header
    if (cluster === null) throw new Error('no cluster')
    const version = 'v1.34.0+sts-lab-simulated'
    const told = (simulated: boolean) =>
      writeRecording({ header: { ...header, cluster: { ...cluster, version, simulated } }, observations: [] })
    expect(readRecording(told(true), 'f').header.cluster?.simulated).toBe(true)
    expect(() => readRecording(told(false), 'f')).toThrow('cluster.simulated')
  })
  const edit = (index: number, change: (line: Record<string, unknown>) => unknown) =>
    spoil((all) => all.with(index, JSON.stringify(change(JSON.parse(all[index] ?? '{}')))))

  it.each([
    ['an empty file', '', 1, /empty/],
    ['another kind of file', '{"kind":"other"}\n', 1, /not the header/],
    ['another version', edit(0, (line) => ({ ...line, version: 2 })), 1, /version/],
    ['a file that is not JSON', spoil((all) => all.with(4, '{oops')), 5, /not JSON/],
    ['a lost line', spoil((all) => all.toSpliced(6, 1)), 7, /seq is 7, expected 6/],
    ['an unknown field', edit(3, (line) => ({ ...line, extra: 1 })), 4, /extra/],
    [
      'an unknown field of an object',
      edit(1, (line) => ({ ...line, object: { ...(line.object as object), x: 1 } })),
      2,
      /x/,
    ],
    [
      'a missing field',
      edit(4, (line) => ({ ...line, object: { ...(line.object as object), ready: undefined } })),
      5,
      /object\.ready/,
    ],
    ['an unknown stream', edit(4, (line) => ({ ...line, stream: 'nodes' })), 5, /stream/],
    ['an empty line', spoil((all) => all.toSpliced(3, 0, '')), 4, /not JSON/],
    ['a line cut off by a crash', lines.join('\n').slice(0, -20), lines.length, /cut off/],
  ])('%s, naming the line', (_, text, line, message) => {
    const read = () => readRecording(text, 'run.jsonl')
    expect(read).toThrow(LabError)
    expect(read).toThrow(`run.jsonl, line ${line}:`)
    expect(read).toThrow(message)
    expect(read).toThrow(expect.objectContaining({ kind: 'usage', code: 'bad-recording' }))
  })
})
