import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { namespaceOf } from '../../../src/cli/catalogue.ts'

const labsDir = mkdtempSync(path.join(tmpdir(), 'sts-lab-labs-'))
const files = { read: (file: string) => readFile(file, 'utf8'), write: async () => undefined }
const services = { labsDir, files }

beforeAll(() => {
  writeFileSync(path.join(labsDir, 'first.yaml'), 'id: first\n# namespace: not-this\nnamespace: one\n')
  writeFileSync(path.join(labsDir, 'second.yaml'), 'steps:\n  - namespace: nested\nnamespace: "two" # two\n')
  writeFileSync(path.join(labsDir, 'third.yaml'), 'id: third\n')
  writeFileSync(path.join(labsDir, 'notes.md'), 'namespace: no-lab\n')
})
afterAll(() => {
  rmSync(labsDir, { recursive: true })
})

describe('the namespace of a lab', () => {
  it('is what the lab names at its top level', async () => {
    expect(await namespaceOf('first', services)).toBe('one')
    expect(await namespaceOf('second', services)).toBe('two')
  })

  it('is that of the first lab where none is named', async () => {
    expect(await namespaceOf(undefined, services)).toBe('one')
  })

  it('is what --namespace says, but of a lab that exists', async () => {
    expect(await namespaceOf('second', services, 'mine')).toBe('mine')
    await expect(namespaceOf('nothing', services, 'mine')).rejects.toMatchObject({ code: 'unknown-lab' })
  })

  it('is an error of usage for a lab that is nearly one, with the one meant', async () => {
    await expect(namespaceOf('frist', services)).rejects.toMatchObject({
      kind: 'usage',
      code: 'unknown-lab',
      hint: 'did you mean first?',
    })
  })

  it('is an error of usage that lists the labs for anything else', async () => {
    await expect(namespaceOf('../notes', services)).rejects.toMatchObject({
      kind: 'usage',
      hint: 'sts-lab list   (labs: first, second, third)',
    })
  })

  it('is missing where the lab names none', async () => {
    await expect(namespaceOf('third', services)).rejects.toMatchObject({ kind: 'usage', code: 'bad-lab' })
  })
})
