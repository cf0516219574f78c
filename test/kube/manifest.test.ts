import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../src/kube/manifest.ts'

const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${data}`
const readAs = (source: string): unknown =>
  parseManifest(configMap(`value: ${source}`), 'f.yaml')[0]?.object.value
const faultsOf = (source: string): string => {
  try {
    parseManifest(source, 'web.yaml')
  } catch (error) {
    expect(error).toMatchObject({ kind: 'usage', code: 'bad-yaml' })
    return (error as Error).message
  }
  throw new Error('no fault was found')
}

describe('a manifest is read as kubectl reads it', () => {
  it.each([
    ['0644', 420],
    ['0o644', 420],
    ['yes', true],
    ['on', true],
    ['y', true],
    ['off', false],
    ['"yes"', 'yes'],
    ['1_000', 1000],
    ['2024-01-01', '2024-01-01'],
    ['1:30', '1:30'],
    ['1.5', 1.5],
    ['~', null],
    ['50Mi', '50Mi'],
  ])('%s is %s', (source, value) => {
    expect(readAs(source)).toEqual(value)
  })

  it('merge keys and anchors are followed', () => {
    const [document] = parseManifest(configMap('base: &b {a: 1}\nboth: {<<: *b, c: 2}'), 'f.yaml')
    expect(document?.object.both).toEqual({ a: 1, c: 2 })
  })

  it('empty and comment-only documents are skipped', () => {
    const source = `# first\n---\n${configMap('')}\n---\n# nothing\n---\n`
    expect(parseManifest(source, 'f.yaml')).toHaveLength(1)
    expect(parseManifest('', 'f.yaml')).toEqual([])
    expect(parseManifest('---\n---\n', 'f.yaml')).toEqual([])
  })

  it('JSON is YAML', () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } })
    expect(parseManifest(json, 'f.json')[0]?.object.metadata.name).toBe('n')
  })

  it('a List is unpacked, with the positions of its items', () => {
    const source = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata: {name: a}
  - apiVersion: v1
    kind: Service
    metadata:
      name: b
`
    const documents = parseManifest(source, 'f.yaml')
    expect(documents.map(({ object }) => object.metadata.name)).toEqual(['a', 'b'])
    expect(documents[1]?.source.line).toBe(7)
    expect(documents[1]?.source.position(['metadata', 'name'])).toEqual({ line: 10, column: 7 })
  })
})

describe('positions', () => {
  const [, document] = parseManifest(
    `# a comment
---
apiVersion: v1
kind: Service
metadata: {name: web}
---

apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: box
          image: busybox
`,
    'web.yaml',
  )

  it('count lines from the top of the file', () => {
    expect(document?.source.line).toBe(8)
    expect(document?.source.position(['spec', 'replicas'])).toEqual({ line: 12, column: 3 })
    expect(document?.source.position(['spec', 'template', 'spec', 'containers', 0, 'image'])).toEqual({
      line: 17,
      column: 11,
    })
  })

  it('are null for what is not in the text', () => {
    expect(document?.source.position(['spec', 'nope'])).toBeNull()
    expect(document?.source.position(['spec', 'replicas', 'deeper'])).toBeNull()
  })

  it('come with the line itself', () => {
    expect(document?.source.lineText?.(12)).toBe('  replicas: 3')
    expect(document?.source.lineText?.(1000)).toBeNull()
  })
})

describe('faults', () => {
  it('are all named at once, with file, line, column and the line', () => {
    const message = faultsOf(`apiVersion: v1
kind: Service
---
apiVersion: v1
  kind: Service
metadata: {name: x}
---
just text
---
apiVersion: v1
kind: ConfigMap
metadata: {name: x}
a: 1
a: 2
`)
    expect(message).toMatch(/web\.yaml:1:1: metadata\.name is missing.*\n {4}apiVersion: v1/)
    expect(message).toMatch(/web\.yaml:4:\d+: Nested mappings/)
    expect(message).toMatch(/web\.yaml:8:1: a Kubernetes object was expected/)
    expect(message).toMatch(/web\.yaml:14:1: .*unique/)
  })

  it('of tabs, unclosed brackets and unknown aliases are syntax errors', () => {
    expect(faultsOf('a:\n\tb: 1')).toMatch(/web\.yaml:2:/)
    expect(faultsOf('a: [1, 2')).toMatch(/web\.yaml:1:/)
    expect(faultsOf('a: *nope')).toMatch(/web\.yaml:1:/)
  })

  it('of labels that YAML does not take for text say to quote them', () => {
    const message = faultsOf('apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  labels: {on: yes}')
    expect(message).toContain('put it in quotes')
  })

  it('quote the line without its control characters', () => {
    expect(faultsOf('a: [\u001b[2J')).not.toContain('\u001b')
  })
})
