import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findHead, findLab, readCatalogue } from '../../../src/lab/catalogue.ts'
import { inOrder, readHead } from '../../../src/lab/head.ts'

const head = (text: string, name = 'tiny.yaml') => readHead({ name, text })
const lab = (id: string, more = '') => ({
  name: `${id}.yaml`,
  text: `id: ${id}\ntitle: t\nversion: 1\nsummary: s\nminutes: 1\nguidance: none\nnamespace: lab\ncriteria: [c]\n${more}`,
})
const surroundings = { criteria: ['c'], checks: [], manifests: () => [] }

describe('the head of a lab', () => {
  it('has what a list shows, whatever is said in its steps', () => {
    const text = [
      'title: "Tiny: a lab"',
      'aliases: [small]',
      'steps:',
      '  - id: first',
      '    title: not this',
      '    questions:',
      '      - id: nor-this',
      '  - title: later',
      "    id: 'second' # its id",
      'namespace: lab',
      'position: 7',
      '',
    ].join('\n')
    expect(head(text)).toMatchObject({
      id: 'tiny',
      title: 'Tiny: a lab',
      aliases: ['small'],
      position: 7,
      namespace: 'lab',
      steps: ['first', 'second'],
    })
  })

  it('of a file that is no lab is empty, and comes last', () => {
    expect(head('title: [')).toMatchObject({ id: 'tiny', title: '', steps: [], position: 1000 })
  })

  it('agrees with the lab as it is read strictly, for every lab there is', () => {
    for (const name of readdirSync('labs').filter((each) => each.endsWith('.yaml'))) {
      const text = readFileSync(`labs/${name}`, 'utf8')
      const found = head(text, name)
      expect(text).toContain(`\nid: ${found.id}\n`)
      expect(found.title, name).not.toBe('')
      expect(found.namespace, name).not.toBe('')
      expect(found.minutes, name).toBeGreaterThan(0)
      expect(found.steps.length, name).toBe((text.match(/^ {2}- id: .*\n {4}part:/gm) ?? []).length)
    }
  })
})

describe('labs', () => {
  it('stand in the order of the course, and count as people do', () => {
    const order = [
      { id: 'b-10', position: 5 },
      { id: 'b-9', position: 5 },
      { id: 'a', position: 9 },
    ]
    expect(order.sort(inOrder).map(({ id }) => id)).toEqual(['b-9', 'b-10', 'a'])
  })

  it('are found by another name too', () => {
    const files = [lab('one', 'position: 2\naliases: [uno]\n'), lab('two', 'position: 1\n')]
    const catalogue = readCatalogue(files, surroundings)
    expect(catalogue.problems).toEqual([])
    expect(findLab(catalogue, 'uno').id).toBe('one')
    expect(findLab(catalogue, undefined).id).toBe('two')
    expect(findHead(files.map(readHead), 'uno').id).toBe('one')
    expect(() => findHead(files.map(readHead), 'unos')).toThrowError(
      expect.objectContaining({ code: 'unknown-lab', hint: 'sts-lab start uno' }),
    )
  })

  it('do not share a name', () => {
    const files = [
      lab('one', 'aliases: [uno, three]\n'),
      lab('two', 'aliases: [uno, one, two]\n'),
      lab('three'),
    ]
    const { problems } = readCatalogue(files, surroundings)
    expect(problems.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([
      'three.yaml:1 "three" is another name of one already',
      'two.yaml:9 "uno" is a name of one already',
      'two.yaml:9 "one" is a name of one already',
      'two.yaml:9 this is the id of the lab itself',
    ])
  })
})
