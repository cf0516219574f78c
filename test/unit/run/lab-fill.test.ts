import { describe, expect, it } from 'vitest'
import { usageError } from '../../../src/errors.ts'
import { parseManifest } from '../../../src/kube/manifest.ts'
import type { Blank } from '../../../src/lab/blank.ts'
import type { Lab, LabStep } from '../../../src/lab/lab.ts'
import type { FilledNews } from '../../../src/run/fill-message.ts'
import { giveBack } from '../../../src/run/reset-file.ts'
import { NAMESPACE, SERVICE } from '../../helpers/builders.ts'
import { FakeCluster } from '../../helpers/fake-cluster.ts'
import { MemoryFolder } from '../../helpers/memory-folder.ts'
import { type Answer, ScriptedConversation } from '../../helpers/scripted-conversation.ts'
import { MemoryProgress, runTiny, tinyLab } from './tiny-lab.ts'

const TEMPLATE = `# mine
apiVersion: v1
kind: Service
metadata:
  name: ${SERVICE}
  namespace: ${NAMESPACE}
spec:
  clusterIP: ____ # which?
  ports:
    - port: ____
`
const RIGHT = TEMPLATE.replace('____', 'None').replace('____', '80')
const HALF = TEMPLATE.replace('____', 'none')

const blank = (facts: Pick<Blank, 'id' | 'at' | 'accept' | 'solution'>): Blank => ({
  ask: `${facts.id}?`,
  hints: ['look', 'nearly'],
  ...facts,
})
const blanks = [
  blank({
    id: 'ip',
    at: 'spec.clusterIP',
    accept: [{ is: 'one-of', values: ['None'], say: 'no' }],
    solution: 'None',
  }),
  blank({
    id: 'port',
    at: 'spec.ports.0.port',
    accept: [{ is: 'integer', min: 1, max: 99, say: 'no' }],
    solution: '80',
  }),
]
const [setup, service] = tinyLab.steps
if (setup === undefined || service === undefined) throw new Error('the tiny lab has lost its steps')

const labWith = (its: readonly Blank[], more: readonly LabStep[]): Lab => ({
  ...tinyLab,
  guidance: 'semi',
  steps: [setup, { ...service, action: { do: 'fill', file: 'service.yaml', blanks: its } }, ...more],
})

/** `null` answers: nobody is there. The namespace is there already, so that the first step only has a look. */
async function fill(answers: ((folder: MemoryFolder) => readonly Answer[]) | null, options: Options = {}) {
  const { folder = new MemoryFolder(), cluster = new FakeCluster(), prompt = false, its = blanks } = options
  const progress = options.progress ?? new MemoryProgress()
  cluster.hasNamespace({ 'sts-lab.dev/lab': 'tiny' })
  const parsed: string[] = []
  const conversation = new ScriptedConversation(answers === null ? null : answers(folder))
  const code = await runTiny({
    cluster,
    conversation,
    progress,
    lab: labWith(its, options.more ?? []),
    ...(options.from === undefined ? {} : { from: options.from }),
    fill: {
      template: async () => TEMPLATE,
      parse: async (text, file) => {
        parsed.push(text)
        return parseManifest(text, file)
      },
      student: answers === null ? null : folder,
      prompt,
    },
  })
  const news = conversation.told.filter((message): message is FilledNews => message.say === 'filled')
  return { code, folder, cluster, conversation, progress, news, parsed }
}

interface Options {
  readonly folder?: MemoryFolder
  readonly cluster?: FakeCluster
  readonly progress?: MemoryProgress
  readonly prompt?: boolean
  readonly its?: readonly Blank[]
  readonly more?: readonly LabStep[]
  readonly from?: string
}

const saves = (folder: MemoryFolder, text: string): Answer => ({
  elsewhere: () => folder.save('service.yaml', text),
})
const ids = (news: FilledNews | undefined): string[] =>
  (news?.blanks ?? []).map(({ blank: { id }, verdict }) => `${id} ${verdict}`)

describe('a file with blanks', () => {
  it('is judged each time it is saved, told what is news, and applied once it is right', async () => {
    const { code, news, cluster, progress } = await fill((folder) => [
      saves(folder, HALF),
      saves(folder, RIGHT),
    ])
    expect(code).toBe(0)
    expect(news.map(ids)).toEqual([['ip open', 'port open'], ['ip wrong'], ['ip right', 'port right']])
    expect(news.map(({ right, wrong, open }) => [right, wrong, open])).toEqual([
      [0, 0, 2],
      [0, 1, 1],
      [2, 0, 0],
    ])
    expect(cluster.calls).toEqual([`apply Service/${SERVICE}`])
    expect(progress.kept).toMatchObject({
      folder: '/home/student/tiny',
      answers: { 'fill/ip': { text: 'None' }, 'fill/port': { text: '80' } },
    })
  })

  it('is told again only where something changed: not when another file is saved', async () => {
    const { news } = await fill((folder) => [
      {
        elsewhere: () => {
          folder.save('.service.yaml.swp', 'editor')
          // A prompt that went away for the other file would find nobody to answer the next.
          setImmediate(() => folder.save('service.yaml', RIGHT))
        },
      },
    ])
    expect(news).toHaveLength(2)
  })

  it('is never overwritten: what the student has is gone on with', async () => {
    const folder = new MemoryFolder()
    folder.files.set('service.yaml', HALF)
    const { conversation, news } = await fill(() => ['q'], { folder })
    expect(folder.files.get('service.yaml')).toBe(HALF)
    expect(conversation.told).toContainEqual(expect.objectContaining({ say: 'handed-out', fresh: false }))
    expect(news.map(ids)).toEqual([['ip wrong', 'port open']])
  })

  it('shows a mistake in its YAML alone, and afterwards only what is new', async () => {
    const { news } = await fill((folder) => [
      saves(folder, HALF),
      saves(folder, HALF.replace('  clusterIP', '\tclusterIP')),
      'h',
      saves(folder, HALF),
      'q',
    ])
    expect(news.map(({ mistake }) => mistake?.line ?? null)).toEqual([null, null, 8, null])
    expect(news.map(ids).slice(2)).toEqual([[], []])
  })

  it('counts hints blank by blank, up to the last', async () => {
    const progress = new MemoryProgress()
    const right = HALF.replace('none', 'None')
    const { conversation } = await fill((folder) => ['h', 'h', 'h', saves(folder, right), 'h', 'q'], {
      progress,
    })
    const hints = conversation.told.flatMap((message) =>
      message.say === 'blank-hint' ? [`${message.verdict.blank.id} ${message.number}`] : [],
    )
    expect(hints).toEqual(['ip 1', 'ip 2', 'ip 2', 'port 1'])
    expect(progress.kept?.steps).toMatchObject({ 'service/ip': { hints: 2 }, 'service/port': { hints: 1 } })
  })

  it('comes back to the student when the API server refuses it', async () => {
    const cluster = new FakeCluster()
    const apply = cluster.apply.bind(cluster)
    let refusals = 1
    cluster.apply = async (documents) => {
      if (refusals-- > 0) throw usageError('invalid', 'tiny/service.yaml:8:3: spec.clusterIP: taken')
      return apply(documents)
    }
    const { code, conversation } = await fill((folder) => [saves(folder, RIGHT), ''], { cluster })
    expect(conversation.told).toContainEqual({
      say: 'refused',
      text: 'tiny/service.yaml:8:3: spec.clusterIP: taken',
    })
    expect(code).toBe(0)
  })

  it('is told when it is gone', async () => {
    const { conversation } = await fill((folder) => [
      {
        elsewhere: () => {
          folder.files.delete('service.yaml')
          folder.save('other', '')
        },
      },
      'q',
    ])
    expect(conversation.notes().at(-1)).toContain('sts-lab reset tiny')
  })
})

describe('a later step that needs the file', () => {
  const [, , create] = tinyLab.steps
  const applied = async (own: string, progress = new MemoryProgress()): Promise<string> => {
    const folder = new MemoryFolder()
    folder.files.set('service.yaml', own)
    const { parsed, conversation } = await fill(() => ['', 'q'], {
      folder,
      progress,
      from: 'create',
      more: create === undefined ? [] : [create],
    })
    expect(conversation.notes().some((note) => note.includes('ours is applied'))).toBe(own === HALF)
    return parsed.join()
  }

  it('applies the student’s when it is right, else ours', async () => {
    const mine = RIGHT.replace('80', '81')
    expect(await applied(mine)).toBe(mine)
    expect(await applied(HALF)).toBe(RIGHT)
  })

  it('keeps in ours to the words that were applied before', async () => {
    const progress = new MemoryProgress()
    await fill((folder) => [saves(folder, RIGHT.replace('80', '81'))], { progress })
    expect(await applied(HALF, progress)).toBe(RIGHT.replace('80', '81'))
  })
})

describe('without an editor', () => {
  it('each blank is asked for, judged, and written into the file with its comments', async () => {
    const { code, folder, conversation } = await fill(() => ['none', '', 'None', '80'], { prompt: true })
    expect(code).toBe(0)
    expect(folder.files.get('service.yaml')).toBe(RIGHT)
    expect(conversation.told.filter(({ say }) => say === 'blank' || say === 'blank-hint')).toMatchObject([
      { say: 'blank', verdict: { blank: { id: 'ip' } } },
      { say: 'blank-hint', number: 1 },
      { say: 'blank', verdict: { blank: { id: 'port' } } },
    ])
  })

  it('what YAML would read as something else is put in quotes', async () => {
    const text = blank({
      id: 'ip',
      at: 'spec.clusterIP',
      accept: [{ is: 'pattern', pattern: 'a: b #c', say: 'no' }],
      solution: 'x',
    })
    const { folder } = await fill(() => ['a: b #c', 'q'], { prompt: true, its: [text, ...blanks.slice(1)] })
    expect(folder.files.get('service.yaml')).toContain('clusterIP: "a: b #c" # which?')
  })
})

describe('with nobody there', () => {
  it('our own solution is applied, and no file is written', async () => {
    const { code, cluster, folder, progress } = await fill(null)
    expect(code).toBe(0)
    expect(cluster.calls).toEqual([`apply Service/${SERVICE}`])
    expect([...folder.files]).toEqual([])
    expect(progress.kept?.folder).toBeNull()
  })

  it('a wrong one is not applied, and fails by the name of its blank', async () => {
    const wrong = blanks.map((each) => (each.id === 'port' ? { ...each, solution: '443' } : each))
    const { code, cluster, conversation } = await fill(null, { its: wrong })
    expect(code).toBe(1)
    expect(cluster.calls).toEqual([])
    expect(conversation.verdicts()).toContain('service/blank/port: fail')
  })
})

describe('giving a file back', () => {
  it('keeps the student’s own under the next free number', async () => {
    const folder = new MemoryFolder()
    for (const text of ['first', 'second', TEMPLATE]) {
      folder.files.set('a.yaml', text)
      await giveBack(folder, 'a.yaml', TEMPLATE)
    }
    expect([...folder.files]).toEqual([
      ['a.yaml', TEMPLATE],
      ['a.yaml.1', 'first'],
      ['a.yaml.2', 'second'],
    ])
  })
})
