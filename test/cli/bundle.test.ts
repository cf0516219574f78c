import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Output {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
}
const outputs = (
  JSON.parse(readFileSync('dist/meta.json', 'utf8')) as { readonly outputs: Readonly<Record<string, Output>> }
).outputs

/** The packages of everything that is loaded before a command is chosen: no `import()` is followed. */
function loadedAtStart(all: Readonly<Record<string, Output>>, entry: string): readonly string[] {
  const chunks = new Set<string>()
  const visit = (path: string): void => {
    if (chunks.has(path)) return
    chunks.add(path)
    for (const { path: next, kind } of all[path]?.imports ?? []) if (kind === 'import-statement') visit(next)
  }
  visit(entry)
  const inputs = [...chunks].flatMap((path) => Object.keys(all[path]?.inputs ?? {}))
  const packages = inputs.map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1])
  return [...new Set(packages.filter((name) => name !== undefined))].sort()
}

const HEAVY = ['@kubernetes/client-node', 'ws', 'inquirer', 'ora', 'zod', 'yaml']

describe('the bundle', () => {
  it('loads nothing heavy before a command is chosen', () => {
    const packages = loadedAtStart(outputs, 'dist/main.mjs')
    expect(packages).toContain('commander')
    expect(packages.filter((name) => HEAVY.includes(name) || name.startsWith('@inquirer/'))).toEqual([])
  })

  it('has the client in it, behind an import()', () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs))
    expect(inputs.some((input) => input.includes('@kubernetes/client-node'))).toBe(true)
    expect(inputs.some((input) => input.includes('node_modules/ws/'))).toBe(true)
  })

  it('has the practice cluster in a file of its own, of which no command loads anything', () => {
    const has = (path: string) =>
      Object.keys(outputs[path]?.inputs ?? {}).some((input) => input.startsWith('src/embedded/'))
    expect(Object.keys(outputs).filter(has)).toEqual(['dist/embedded-cluster.mjs'])
    const importers = Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
    expect(importers).not.toContain('dist/embedded-cluster.mjs')
  })

  it('would be caught loading the client: a static import two chunks away counts, a lazy one does not', () => {
    const chunk = (input: string, ...imports: Output['imports']) => ({ inputs: { [input]: {} }, imports })
    const graph = (kind: string) => ({
      'dist/main.mjs': chunk('src/main.ts', { path: 'dist/a.mjs', kind: 'import-statement' }),
      'dist/a.mjs': chunk('src/a.ts', { path: 'dist/b.mjs', kind }),
      'dist/b.mjs': chunk('node_modules/ws/index.js'),
    })
    expect(loadedAtStart(graph('import-statement'), 'dist/main.mjs')).toEqual(['ws'])
    expect(loadedAtStart(graph('dynamic-import'), 'dist/main.mjs')).toEqual([])
  })

  it('comes with the licences of what is in it', () => {
    expect(existsSync('THIRD_PARTY_LICENSES.md')).toBe(true)
    const text = readFileSync('THIRD_PARTY_LICENSES.md', 'utf8')
    for (const name of ['@kubernetes/client-node', 'commander', 'ws', 'yaml', 'zod'])
      expect(text).toMatch(new RegExp(`^## ${name} \\d+\\.\\d+\\.\\d+ \\([^)]+\\)$`, 'm'))
    expect(text).toContain('Permission is hereby granted')
  })
})
