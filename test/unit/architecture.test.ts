import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { importCycles, importProblems, shapeProblems } from '../helpers/architecture.ts'
import { importsOf } from '../helpers/imports.ts'

const sources = new Map(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `src/${path}`)
    .map((path) => [path, readFileSync(path, 'utf8')] as const),
)
const only = (path: string, source: string) => importProblems(new Map([[path, source]]))

describe('the imports of src/', () => {
  it('are read from real files', () => {
    expect(sources.size).toBeGreaterThan(10)
    expect([...sources.values()].flatMap(importsOf).length).toBeGreaterThan(10)
  })

  it('point one way', () => {
    expect(importProblems(sources)).toEqual([])
  })

  it('go in no circles', () => {
    expect(importCycles(sources)).toEqual([])
  })

  it('stand in small files with names that say something', () => {
    expect(shapeProblems(sources)).toEqual([])
  })
})

describe('the rule on import direction', () => {
  it.each([
    ['a judgement that does something', 'src/criteria/dns.ts', "import { open } from '../kube/open.ts'"],
    ['a use-case that knows the real cluster', 'src/run/verify.ts', "import { Api } from '../kube/api.ts'"],
    ['a use-case that prints', 'src/run/verify.ts', "import { text } from '../report/text.ts'"],
    ['the cluster side that reports', 'src/kube/watch.ts', "import type { Row } from '../report/table.ts'"],
    [
      'a command that loads the client',
      'src/cli/verify.ts',
      "const { open } = await import('../kube/open.ts')",
    ],
    ['a fact that judges', 'src/timeline/timeline.ts', "export { judge } from '../criteria/index.ts'"],
    ['a contract that knows its caller', 'src/ports.ts', "import type { A } from './run/a.ts'"],
    ['the way back up', 'src/run/verify.ts', "import '../main.ts'"],
  ])('refuses %s', (_, path, source) => {
    expect(only(path, source)).toEqual([
      expect.stringMatching(new RegExp(`^${path}:1: \\w+ must not import \\w+`)),
    ])
  })

  it.each([
    ['the client outside kube', 'src/run/apply.ts', "import type { V1Pod } from '@kubernetes/client-node'"],
    ['a deep import of it', 'src/cli/list.ts', "import x from '@kubernetes/client-node/dist/config.js'"],
    ['ws outside kube', 'src/host/shell.ts', "import WebSocket from 'ws'"],
    ['a spawned process in a use-case', 'src/run/verify.ts', "import { spawn } from 'node:child_process'"],
  ])('refuses %s', (_, path, source) => {
    expect(only(path, source)).toEqual([expect.stringContaining('may import')])
  })

  it('refuses a pure module that reads files, an import that leaves src, a missing .ts and a folder it does not know', () => {
    expect(only('src/lab/parse.ts', "import { readFile } from 'node:fs/promises'")).toHaveLength(1)
    expect(only('src/run/verify.ts', "import x from '../../test/x.ts'")).toEqual([
      expect.stringContaining('leaves src'),
    ])
    expect(only('src/run/verify.ts', "import x from './x'")).toEqual([
      expect.stringContaining('must end in .ts'),
    ])
    expect(only('src/helpers/x.ts', '')).toEqual([expect.stringContaining('no "helpers"')])
  })

  it.each([
    'node:net',
    'node:http',
    'node:fs',
    'node:dns/promises',
    'node:child_process',
    'node:process',
    'ws',
    'fs',
  ])('refuses %s in a simulated node, whose pods reach nothing of the machine', (specifier) => {
    expect(only('src/embedded/node/programs/web.ts', `import x from '${specifier}'`)).toContainEqual(
      expect.stringContaining('a simulated node must not'),
    )
    expect(only('src/embedded/node/programs/web.ts', "import x from 'node:crypto'")).toEqual([])
  })

  it('lets every layer import what lies below it', () => {
    expect(only('src/main.ts', "import { a } from './kube/a.ts'\nimport { b } from './cli/b.ts'")).toEqual([])
    expect(
      only('src/cli/verify.ts', "import { a } from '../run/a.ts'\nimport { b } from '../report/b.ts'"),
    ).toEqual([])
    expect(only('src/kube/watch.ts', "import ws from 'ws'\nimport type { P } from '../ports.ts'")).toEqual([])
  })
})

describe('the search for cycles', () => {
  it('finds one through three modules, and lets type imports and lazy ones be', () => {
    const ring = (link: (to: string) => string) =>
      importCycles(
        new Map([
          ['src/run/a.ts', link('./b.ts')],
          ['src/run/b.ts', "import { c } from './c.ts'"],
          ['src/run/c.ts', "import { a } from './a.ts'"],
        ]),
      )
    expect(ring((to) => `import { b } from '${to}'`)).toEqual([
      'src/run/a.ts → src/run/b.ts → src/run/c.ts → src/run/a.ts',
    ])
    expect(ring((to) => `import type { B } from '${to}'`)).toEqual([])
    expect(ring((to) => `await import('${to}')`)).toEqual([])
  })
})

describe('the rule on shape', () => {
  it('refuses a file of two ideas, a vague name and a name in another case', () => {
    const problems = shapeProblems(
      new Map([
        ['src/run/long.ts', 'x\n'.repeat(301)],
        ['src/run/pod-utils.ts', ''],
        ['src/run/podNames.ts', ''],
        ['src/run/pod-names.ts', 'x\n'.repeat(300)],
      ]),
    )
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'src/run/long.ts',
      'src/run/pod-utils.ts',
      'src/run/podNames.ts',
    ])
  })
})

describe('reading imports', () => {
  it('finds each kind of statement, with its line', () => {
    const source = [
      "import fs from 'node:fs'",
      "import type { A } from './a.ts'",
      "import { type B, type C } from './b.ts'",
      'import {',
      '  type D,',
      '  e,',
      "} from './d.ts'",
      "import './effect.ts'",
      "export * from './all.ts'",
      "export type { F } from './f.ts'",
      "const g = await import('./g.ts')",
      "type H = typeof import('./h.ts')",
    ].join('\n')
    const read = importsOf(source).map(
      (i) => `${i.line} ${i.specifier}${i.typeOnly ? ' type' : ''}${i.lazy ? ' lazy' : ''}`,
    )
    expect(read).toEqual([
      '1 node:fs',
      '2 ./a.ts type',
      '3 ./b.ts type',
      '4 ./d.ts',
      '8 ./effect.ts',
      '9 ./all.ts',
      '10 ./f.ts type',
      '11 ./g.ts lazy',
      '12 ./h.ts type lazy',
    ])
  })

  it('is not fooled by comments, strings and exported values', () => {
    const source = [
      "// import a from './a.ts'",
      "/* import b from './b.ts' */",
      "export const url = 'https://example.org' // from './c.ts'",
      "export function from() { return 'x' }",
      "export type Kind = 'usage' | 'other'",
    ].join('\n')
    expect(importsOf(source)).toEqual([])
  })
})
