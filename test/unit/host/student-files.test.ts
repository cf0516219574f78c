import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createFile, replaceFile, watchFolder } from '../../../src/host/student-files.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-student-'))
const file = path.join(folder, 'section2', 'a.yaml')
afterEach(() => rmSync(path.dirname(file), { recursive: true, force: true }))

describe('a file of the student', () => {
  it('is created with its folder, and never over another', async () => {
    expect(await createFile(file, 'first')).toBe(true)
    expect(await createFile(file, 'second')).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('first')
  })

  it('is as readable as the umask lets it be, also when it is replaced', async () => {
    const wanted = 0o666 & ~process.umask()
    await createFile(file, 'first')
    expect(statSync(file).mode & 0o777).toBe(wanted)
    await replaceFile(file, 'second')
    expect(statSync(file).mode & 0o777).toBe(wanted)
    expect(readFileSync(file, 'utf8')).toBe('second')
  })
})

describe('a watched folder', () => {
  const saved = (save: () => void): Promise<number> =>
    new Promise((resolve) => {
      const ended = new AbortController()
      let calls = 0
      watchFolder(
        path.dirname(file),
        () => {
          calls += 1
          ended.abort()
          resolve(calls)
        },
        ended.signal,
      )
      save()
    })

  it('tells once of a save that empties the file first', async () => {
    await createFile(file, 'first')
    expect(
      await saved(() => {
        writeFileSync(file, '')
        writeFileSync(file, 'second')
      }),
    ).toBe(1)
  })

  it('tells of a save by renaming another file into place', async () => {
    await createFile(file, 'first')
    const other = `${file}~`
    expect(
      await saved(() => {
        writeFileSync(other, 'second')
        renameSync(other, file)
      }),
    ).toBe(1)
  })

  it('says where it cannot be watched', () => {
    expect(watchFolder(path.join(folder, 'nowhere'), () => {}, new AbortController().signal)).toBe(false)
  })
})
