import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'

const META = 'dist/meta.json'

/**
 * Builds dist/ before tests that run the built command, so that they never judge yesterday's code. When
 * nothing changed since the last build it stays: another run may be using it.
 */
export default function freshBuild(): void {
  if (isUpToDate()) return
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] })
}

function isUpToDate(): boolean {
  if (!existsSync(META)) return false
  const builtAt = statSync(META).mtimeMs
  const meta = JSON.parse(readFileSync(META, 'utf8')) as {
    readonly inputs: Readonly<Record<string, unknown>>
  }
  const scripts = readdirSync('scripts').map((name) => `scripts/${name}`)
  return [...Object.keys(meta.inputs), ...scripts, 'package-lock.json', 'package.json'].every(
    (file) => existsSync(file) && statSync(file).mtimeMs < builtAt,
  )
}
