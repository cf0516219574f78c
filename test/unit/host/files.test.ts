import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataFolder, readIfExists, writeFileAtomic } from '../../../src/host/files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sts-lab-files-'))
})
afterEach(async () => {
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true })
})

describe('writing a file', () => {
  it('creates the folder, replaces the old text and leaves nothing else behind', async () => {
    const file = path.join(folder, 'deep', 'progress.json')
    await writeFileAtomic(file, 'one')
    await writeFileAtomic(file, 'two')
    expect(await readFile(file, 'utf8')).toBe('two')
    expect(await readdir(path.dirname(file))).toEqual(['progress.json'])
  })

  it('lets nobody else read it', async () => {
    const file = path.join(folder, 'progress.json')
    await writeFileAtomic(file, 'secret')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('leaves no half file behind when it cannot be put in place', async () => {
    const file = path.join(folder, 'taken')
    await mkdir(file)
    await writeFile(path.join(file, 'inside'), '')
    await expect(writeFileAtomic(file, 'text')).rejects.toThrow()
    expect(await readdir(folder)).toEqual(['taken'])
  })

  it('never shows a reader a part of a file', async () => {
    const file = path.join(folder, 'progress.json')
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(1_000_000))
    await writeFileAtomic(file, texts[0] ?? '')
    const [seen] = await Promise.all([
      Promise.all(texts.map(() => readIfExists(file))),
      ...texts.map((text) => writeFileAtomic(file, text)),
    ])
    for (const text of seen) expect(texts.includes(text ?? '')).toBe(true)
  })
})

describe('reading a file that may be missing', () => {
  it('gives null when there is none', async () => {
    expect(await readIfExists(path.join(folder, 'none'))).toBeNull()
    expect(await readIfExists(path.join(folder, 'none', 'deeper'))).toBeNull()
  })

  it('does not take another fault for a missing file', async () => {
    await expect(readIfExists(folder)).rejects.toThrow('EISDIR')
  })
})

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/kim/.local/share/sts-lab'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/sts-lab'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/kim/.local/share/sts-lab'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/kim/Library/Application Support/sts-lab'],
    ['linux', { STS_LAB_HOME: '/own', XDG_DATA_HOME: '/data' }, '/own'],
    ['linux', { STS_LAB_HOME: '' }, '/home/kim/.local/share/sts-lab'],
  ] as const)('is on %s with %o in %s', (platform, env, expected) => {
    expect(dataFolder(env, platform, '/home/kim')).toBe(expected)
  })

  it('is the local application data on Windows', () => {
    expect(dataFolder({ LOCALAPPDATA: 'C:\\Local' }, 'win32', 'C:\\Users\\kim')).toBe('C:\\Local\\sts-lab')
    expect(dataFolder({}, 'win32', 'C:\\Users\\kim')).toBe('C:\\Users\\kim\\AppData\\Local\\sts-lab')
  })
})
