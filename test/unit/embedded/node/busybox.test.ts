import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './container.ts'
import { SNIPPETS } from './snippets.ts'

const hasBusybox = spawnSync('busybox', ['true']).status === 0

describe.skipIf(!hasBusybox)('the virtual shell and a real busybox (skipped where there is none)', () => {
  it.each(SNIPPETS)('do alike: %s', (snippet) => {
    const folder = mkdtempSync(join(tmpdir(), 'busybox-'))
    try {
      const real = spawnSync('busybox', ['-c', snippet], {
        cwd: folder,
        input: '',
        encoding: 'latin1',
        timeout: 5_000,
        argv0: 'sh',
        env: { PATH: '/bin:/usr/bin', HOME: '/root', HOSTNAME: 'box' },
      })
      const ours = run(`mkdir /work; cd /work; exec sh -c '${snippet.replaceAll("'", `'"'"'`)}'`)
      expect({ out: ours.out, code: ours.exit?.code, err: ours.err }).toEqual({
        out: real.stdout,
        code: real.status ?? 143,
        err: real.stderr.replace(/^sh: (\w+: )?line \d+: /gm, 'sh: $1'),
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
