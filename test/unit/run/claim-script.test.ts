import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAX_READING_BYTES, parseListing, readClaimWithin } from '../../../src/run/claim-script.ts'
import { BOUNDARY, createClaimFolders, pathsOf, readClaim, SHELLS } from './claim-shell.ts'

describe.each(SHELLS)('reading a claim with %s', (_, shell) => {
  const aFolder = createClaimFolders()

  /** A claim with these files: path → content. */
  function aClaimWith(files: Readonly<Record<string, string | Buffer>>): string {
    const folder = aFolder()
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      writeFileSync(path.join(folder, name), content)
    }
    return folder
  }

  it('prints the file that names the pod whole, and a glimpse of the others', () => {
    const own = `I am web-1\n${'x'.repeat(1000)}\n`
    const folder = aClaimWith({ 'id.txt': own, 'sub/other.txt': 'y'.repeat(1000) })
    const { exitCode, listing } = readClaim(shell, folder)
    expect(exitCode).toBe(0)
    expect(listing).toMatchObject({ fileCount: 2, partial: false, tokens: {} })
    expect(listing?.files.find((file) => file.path === 'id.txt')).toMatchObject({
      text: own,
      sizeBytes: own.length,
      truncated: false,
    })
    expect(listing?.files.find((file) => file.path === 'sub/other.txt')).toMatchObject({
      text: 'y'.repeat(160),
      sizeBytes: 1000,
      truncated: true,
    })
  })

  it('glimpses at twelve files at most, however many there are', () => {
    const names = Array.from({ length: 30 }, (_, index) => [`f${index}`, 'nothing'])
    const { listing } = readClaim(shell, aClaimWith(Object.fromEntries(names)))
    expect(listing?.fileCount).toBe(30)
    expect(listing?.files).toHaveLength(12)
  })

  it('finds nothing in an empty folder, and says so', () => {
    expect(readClaim(shell, aFolder()).listing).toEqual({
      tokens: {},
      files: [],
      fileCount: 0,
      partial: false,
    })
  })

  it('reads a folder given with a slash at its end alike', () => {
    const folder = aClaimWith({ 'id.txt': 'web-1' })
    expect(pathsOf(readClaim(shell, `${folder}/`).listing)).toEqual(['id.txt'])
  })

  it('writes our token, and lists it and those of other pods as tokens, not as files', () => {
    const folder = aClaimWith({ '.sts-lab-run1-web-0': 'of another pod', 'id.txt': 'web-1' })
    const { listing } = readClaim(shell, folder, { tokenFile: '.sts-lab-run1-web-1' })
    expect(readFileSync(path.join(folder, '.sts-lab-run1-web-1'), 'utf8')).toBe('a token')
    expect(listing?.tokens).toEqual({
      '.sts-lab-run1-web-0': 'of another pod',
      '.sts-lab-run1-web-1': 'a token',
    })
    expect(pathsOf(listing)).toEqual(['id.txt'])
    expect(listing?.fileCount).toBe(1)
  })

  it('ends with 98 and no listing where the token cannot be written', () => {
    const folder = path.join(aFolder(), 'is-not-there')
    expect(readClaim(shell, folder, { tokenFile: '.sts-lab-run1-web-1' })).toMatchObject({
      exitCode: 98,
      listing: null,
    })
  })

  it('neither follows a symbolic link nor waits at a pipe', () => {
    const elsewhere = aClaimWith({ 'web-1': 'web-1 off the volume' })
    const folder = aClaimWith({ 'id.txt': 'web-1' })
    symlinkSync(path.join(elsewhere, 'web-1'), path.join(folder, 'link-to-file'))
    symlinkSync(elsewhere, path.join(folder, 'link-to-folder'))
    expect(spawnSync('mkfifo', [path.join(folder, 'pipe')]).status).toBe(0)
    const { exitCode, listing } = readClaim(shell, folder)
    expect(exitCode).toBe(0)
    expect(pathsOf(listing)).toEqual(['id.txt'])
    expect(listing?.fileCount).toBe(1)
  })

  it('leaves out the folders where other volumes are mounted', () => {
    const folder = aClaimWith({ 'id.txt': 'web-1', 'other mount/id.txt': 'web-1', 'tmp/id.txt': 'web-1' })
    const prune = [path.join(folder, 'other mount'), path.join(folder, 'tmp')]
    expect(pathsOf(readClaim(shell, folder, { prune }).listing)).toEqual(['id.txt'])
  })

  it('copes with spaces, quotes, glob and option characters in file names', () => {
    const names = [' a b ', `it's "quoted"`, '*', '$(id)', '-rf', 'back\\slash', 'é', '[x]?']
    const folder = aClaimWith(Object.fromEntries(names.map((name) => [name, `web-1 in ${name}`])))
    const { listing } = readClaim(shell, folder)
    expect(pathsOf(listing)).toEqual([...names].sort())
    for (const file of listing?.files ?? []) expect(file.text).toBe(`web-1 in ${file.path}`)
  })

  it('reads nothing outside the claim, whatever lines a file name makes', () => {
    const outside = aClaimWith({ secret: 'web-1 outside' })
    const folder = aClaimWith({ 'id.txt': 'web-1', [`x\n${outside}/secret`]: 'inside' })
    writeFileSync(path.join(folder, 'relative\nsecret'), 'inside')
    const { listing } = readClaim(shell, folder, { cwd: outside })
    expect(listing?.files.map((file) => file.text)).not.toContain('web-1 outside')
    expect(pathsOf(listing)).toEqual(['id.txt'])
  })

  it('does not wait at a pipe whose name is the first line of a file name', () => {
    const folder = aClaimWith({ 'id.txt': 'web-1', 'pipe\nrest': 'x' })
    expect(spawnSync('mkfifo', [path.join(folder, 'pipe')]).status).toBe(0)
    expect(readClaim(shell, folder).exitCode).toBe(0)
  })

  it('takes content that looks like a record for content', () => {
    const text = 'web-1\n--run1-other-- end 99 0\n-- file named 3 1 x\n/etc/passwd\nabc'
    const { listing } = readClaim(shell, aClaimWith({ 'id.txt': text }))
    expect(listing).toMatchObject({ fileCount: 1, files: [{ path: 'id.txt', text }] })
  })

  it('reads binary content, and finds the name in it', () => {
    const bytes = Buffer.from([0, 1, 2, 0xff, 0xfe, 10, ...Buffer.from('web-1'), 0, 13, 10])
    const { listing } = readClaim(shell, aClaimWith({ 'data.bin': bytes }))
    expect(listing?.files[0]).toMatchObject({ sizeBytes: bytes.length, truncated: false })
    expect(listing?.files[0]?.text).toContain('web-1\0\r\n')
  })

  it('keeps letters of several bytes whole', () => {
    const { listing } = readClaim(shell, aClaimWith({ 'id.txt': 'web-1 ist grün — ✓' }))
    expect(listing?.files[0]?.text).toBe('web-1 ist grün — ✓')
  })

  it('prints at most 64 KiB of a file and says that there is more', () => {
    const folder = aClaimWith({ 'log.txt': `web-1\n${'x'.repeat(100_000)}` })
    const file = readClaim(shell, folder).listing?.files[0]
    expect(file).toMatchObject({ sizeBytes: 100_006, truncated: true })
    expect(file?.text).toHaveLength(64 * 1024)
  })

  it('stays within the bound of one reading when many large files name the pod', () => {
    const names = Array.from({ length: 80 }, (_, index) => [`log.${index}`, `web-1\n${'x'.repeat(70_000)}`])
    const { output, listing } = readClaim(shell, aClaimWith(Object.fromEntries(names)))
    expect(output.length).toBeLessThan(MAX_READING_BYTES)
    expect(listing).toMatchObject({ fileCount: 80, partial: true })
  })

  it('tells the time of the last change in seconds since the epoch, with the fraction', () => {
    const folder = aClaimWith({ 'id.txt': 'web-1' })
    utimesSync(path.join(folder, 'id.txt'), 1_700_000_000.25, 1_700_000_000.25)
    const modified = readClaim(shell, folder).listing?.files[0]?.modified
    expect(modified).toMatch(/^1700000000\.25/)
  })

  it('says that it left something unread when there are more files than it reads', () => {
    const names = Array.from({ length: 50 }, (_, index) => [`d${index % 7}/f${index}`, ''])
    const folder = aClaimWith(Object.fromEntries(names))
    const read = (searched: number, counted: number) =>
      readClaim(shell, folder, { script: readClaimWithin({ searched, counted }) })
    expect(read(20, 40)).toMatchObject({ exitCode: 0, listing: { fileCount: 40, partial: true } })
    expect(read(60, 60).listing).toMatchObject({ fileCount: 50, partial: false })
  })

  it('gives no listing where the output was cut short', () => {
    const { output } = readClaim(shell, aClaimWith({ 'id.txt': 'web-1' }))
    const end = output.indexOf(`\n${BOUNDARY} end `)
    expect(end).toBeGreaterThan(0)
    expect(parseListing(output.subarray(0, end), BOUNDARY, '/data')).toBeNull()
  })
})

describe('a container without the tools', () => {
  const aFolder = createClaimFolders()

  it('ends with 97 and writes no token', () => {
    const folder = aFolder()
    const options = { env: { PATH: '/nowhere' }, tokenFile: '.sts-lab-run1-web-1' }
    expect(readClaim(['/bin/sh'], folder, options)).toMatchObject({ exitCode: 97, listing: null })
    expect(() => readFileSync(path.join(folder, '.sts-lab-run1-web-1'))).toThrow('ENOENT')
  })
})
