import { isBuiltin } from 'node:module'
import { importsOf, resolveImport } from './imports.ts'

/** A module by its path from the project's root, `src/run/verify.ts`. */
export type Modules = ReadonlyMap<string, string>

/** The folders and lone modules of src/, each with what it may import. Not listed: not allowed. */
const BOTTOM = ['errors', 'exit-codes']
const FACTS = ['lab', 'timeline', ...BOTTOM]
const CONTRACTS = ['result', 'ports', 'criteria', 'study', ...FACTS]
const MAY_IMPORT: Readonly<Record<string, readonly string[] | 'anything'>> = {
  main: 'anything',
  // kube, provider and host are handed in (cli/services.ts), so that `--help` loads none of them.
  cli: ['cli', 'run', 'report', ...CONTRACTS],
  run: ['run', ...CONTRACTS],
  report: ['report', ...CONTRACTS],
  kube: ['kube', ...CONTRACTS],
  provider: ['provider', ...CONTRACTS],
  host: ['host', ...CONTRACTS],
  // A cluster of its own: it knows the API it serves and nothing of who asks.
  embedded: ['embedded', 'errors'],
  result: CONTRACTS,
  ports: CONTRACTS,
  criteria: ['criteria', ...FACTS],
  lab: ['lab', ...BOTTOM],
  study: ['study', 'lab', ...BOTTOM],
  timeline: ['timeline', ...BOTTOM],
  errors: BOTTOM,
  'exit-codes': BOTTOM,
}

/** Packages and Node modules with one home. */
const ONLY_IN: readonly { readonly specifier: RegExp; readonly layers: readonly string[] }[] = [
  { specifier: /^(?:@kubernetes\/client-node|ws)(?:\/|$)/, layers: ['kube', 'embedded'] },
  { specifier: /^node:(?:https?|http2|tls|dgram)(?:\/|$)/, layers: ['kube', 'provider', 'main', 'embedded'] },
  { specifier: /^node:child_process$/, layers: ['host', 'provider', 'kube', 'main'] },
]
/** What runs in a pod of the embedded cluster reaches nothing of the machine: there is nothing to reach it with. */
const SIMULATED = { below: 'src/embedded/node/', may: ['node:crypto', 'node:vm'] }
const isOutside = (specifier: string): boolean => isBuiltin(specifier) || specifier === 'ws'
/** Pure: the same input gives the same output, so no clock, file or network of Node's. */
const PURE = ['lab', 'study', 'timeline', 'criteria', 'result', 'ports', 'errors', 'exit-codes']

/** "src/run/verify.ts" → "run"; "src/ports.ts" → "ports". */
const layerOf = (path: string): string => (path.split('/')[1] ?? '').replace(/\.ts$/, '')

/** One line, `file:line: what is wrong`, for every import that points the wrong way. */
export function importProblems(modules: Modules): readonly string[] {
  const problems: string[] = []
  for (const [path, source] of modules) {
    const layer = layerOf(path)
    const allowed = MAY_IMPORT[layer]
    if (allowed === undefined) {
      problems.push(`${path}: the architecture has no "${layer}"; say in the import rules where it belongs`)
      continue
    }
    for (const { specifier, line } of importsOf(source)) {
      const complain = (what: string): number => problems.push(`${path}:${line}: ${what}`)
      const target = resolveImport(path, specifier)
      if (specifier.startsWith('.')) {
        if (!specifier.endsWith('.ts') && !specifier.endsWith('.json'))
          complain(`"${specifier}" must end in .ts`)
        if (!target.startsWith('src/')) {
          if (layer !== 'main') complain(`"${specifier}" leaves src/`)
        } else if (allowed !== 'anything' && !allowed.includes(layerOf(target)))
          complain(`${layer} must not import ${layerOf(target)} ("${specifier}")`)
        continue
      }
      for (const rule of ONLY_IN)
        if (rule.specifier.test(specifier) && !rule.layers.includes(layer))
          complain(`only ${rule.layers.join(', ')} may import "${specifier}"`)
      if (path.startsWith(SIMULATED.below) && isOutside(specifier) && !SIMULATED.may.includes(specifier))
        complain(`a simulated node must not import "${specifier}"`)
      if (PURE.includes(layer) && specifier.startsWith('node:'))
        complain(`${layer} is pure: no "${specifier}" (read in host, run or main and hand it in)`)
    }
  }
  return problems
}

/** Import cycles at run time, each as "a.ts → b.ts → a.ts". Type imports are gone by then and do not count. */
export function importCycles(modules: Modules): readonly string[] {
  const cycles = new Set<string>()
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path)
    if (seenAt >= 0) {
      cycles.add([...trail.slice(seenAt), path].join(' → '))
      return
    }
    if (done.has(path)) return
    for (const { specifier, typeOnly, lazy } of importsOf(modules.get(path) ?? ''))
      if (!typeOnly && !lazy && specifier.startsWith('.'))
        visit(resolveImport(path, specifier), [...trail, path])
    done.add(path)
  }
  for (const path of modules.keys()) visit(path, [])
  return [...cycles]
}

const MOST_LINES = 300
const VAGUE = /^(?:utils?|common|helpers?|misc|manager|shared|stuff)$|-(?:utils?|manager)$/

/** Files too long to hold one idea, and names that say nothing. */
export function shapeProblems(modules: Modules): readonly string[] {
  const problems: string[] = []
  for (const [path, source] of modules) {
    const lines = source.trimEnd().split('\n').length
    if (lines > MOST_LINES)
      problems.push(`${path}: ${lines} lines, more than ${MOST_LINES}: which two ideas are these?`)
    for (const part of path.replace(/\.ts$/, '').split('/')) {
      if (VAGUE.test(part)) problems.push(`${path}: "${part}" does not say what is in it`)
      if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part)) problems.push(`${path}: "${part}" is not kebab-case`)
    }
  }
  return problems
}
