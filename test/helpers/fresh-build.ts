import { execFileSync } from 'node:child_process'

/** Builds dist/ before tests that run the built command, so that they never judge yesterday's code. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'inherit', 'inherit'] })
}
