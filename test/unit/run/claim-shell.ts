import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach } from 'vitest'
import { type ClaimListing, parseListing, READ_CLAIM } from '../../../src/run/claim-script.ts'

/** The shells of this machine that stand for those of images: `sh`, and busybox's where it is installed. */
export const SHELLS: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['sh', ['/bin/sh']],
  ...(existsSync('/bin/busybox') ? [['busybox sh', ['/bin/busybox', 'sh']] as const] : []),
]

export const BOUNDARY = '--run1-web-1--'

/** A folder that stands for a claim, gone after the test. */
export function createClaimFolders(): () => string {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  return () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-claim-'))
    folders.push(folder)
    return folder
  }
}

interface Reading {
  readonly exitCode: number | null
  readonly output: Buffer
  readonly listing: ClaimListing | null
}

/** Runs the script as exec in a pod named web-1 would. A script that hangs is killed: exit code null. */
export function readClaim(
  shell: readonly string[],
  folder: string,
  options: {
    readonly tokenFile?: string
    readonly prune?: readonly string[]
    readonly env?: Record<string, string>
    readonly cwd?: string
    readonly script?: string
  } = {},
): Reading {
  const [program = '', ...first] = shell
  const { tokenFile = '', prune = [], env, cwd, script = READ_CLAIM } = options
  const run = spawnSync(
    program,
    [...first, '-c', script, 'sts-lab', BOUNDARY, 'web-1', folder, tokenFile, 'a token', ...prune],
    { env: env ?? process.env, cwd, timeout: 20_000, maxBuffer: 64 * 1024 * 1024 },
  )
  return {
    exitCode: run.status,
    output: run.stdout,
    listing: parseListing(run.stdout, BOUNDARY, folder),
  }
}

export const pathsOf = (listing: ClaimListing | null): string[] =>
  (listing?.files ?? []).map((file) => file.path).sort()
