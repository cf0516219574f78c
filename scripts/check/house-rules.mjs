// Small rules over every file git knows (or would add): what never belongs in the project.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'

const TEXT = /\.(ts|mts|mjs|js|json|ya?ml|md|sh)$|^[^.]*$/
const RULES = [
  { what: 'a merge conflict marker', pattern: /^(<{7} |>{7} )/m, in: /./ },
  {
    what: 'a test that hides the others (.only)',
    pattern: /\b(?:it|test|describe)\.only\(/,
    in: /^test\/.*\.ts$/,
  },
  { what: 'a retry that hides a race', pattern: /\bretry:\s*\d/, in: /^test\/.*\.ts$|^vitest\.config\.ts$/ },
  { what: 'a debugger statement', pattern: /^\s*debugger\b/m, in: /\.(ts|mjs|js)$/ },
  { what: 'console.* (write through the terminal port)', pattern: /\bconsole\.\w+\(/, in: /^src\/.*\.ts$/ },
  {
    what: 'process.exit (set process.exitCode: output is lost otherwise)',
    pattern: /\bprocess\.exit\(/,
    in: /^src\/(?!main\.ts).*\.ts$/,
  },
  { what: 'a type error switched off', pattern: /@ts-(?:ignore|nocheck)\b/, in: /\.ts$/ },
]

/** One line, `file:line: what`, for each rule that is broken. */
export function houseProblems() {
  const files = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '-z'],
    {
      encoding: 'utf8',
    },
  ).split('\0')
  return files.filter((file) => TEXT.test(file)).flatMap((file) => problemsIn(file, readIfThere(file)))
}

// A file that is deleted but not yet staged is still listed.
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return ''
    throw error
  }
}

export function problemsIn(file, text, machinePaths = pathsOfThisMachine()) {
  const found = RULES.filter((rule) => rule.in.test(file)).map((rule) => ({
    what: rule.what,
    at: text.search(rule.pattern),
  }))
  for (const path of machinePaths) found.push({ what: 'a path of this machine', at: text.indexOf(path) })
  return found
    .filter(({ at }) => at >= 0)
    .map(({ what, at }) => `${file}:${text.slice(0, at).split('\n').length}: ${what}`)
}

/** Where this clone and its owner live. root's home is everybody's, so it gives nothing away. */
function pathsOfThisMachine() {
  const home = homedir()
  return [`${process.cwd()}/`, ...(home === '/root' || home === '/' ? [] : [`${home}/`])]
}
