import { bounded, regexSteps } from '../os/bounded-work.ts'
import { namesIn } from '../os/files.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { complain, optionsOf } from './options.ts'
import { contentOf, linesOf } from './read.ts'
import { posixRegex } from './regex.ts'

const grepAs = (name: 'grep' | 'egrep' | 'fgrep'): Program =>
  function* (process, argv) {
    const patterns: string[] = []
    // -e may come more than once.
    const words = argv.flatMap((word, index) => {
      if (argv[index - 1] === '-e' && argv[index - 2] !== '-e') return []
      if (word === '-e') patterns.push(argv[index + 1] ?? '')
      return word === '-e' ? [] : [word]
    })
    const { flags, values, operands } = optionsOf(words, 'EFGivqcnlLohHswxrRm:A:B:C:e:f:a', { color: 'a' })
    let glued = argv.find((word) => /^-[a-zA-Z]+e$/.test(word) && !words.includes(word)) !== undefined
    if (values.has('e')) {
      patterns.push(values.get('e') ?? '')
      glued = true
    }
    const paths = [...operands]
    if (patterns.length === 0 && !glued) {
      const first = paths.shift()
      if (first === undefined) return yield* complain(process, name, 'no pattern', 2)
      patterns.push(first)
    }
    const kind =
      flags.has('F') || name === 'fgrep' ? 'fixed' : flags.has('E') || name === 'egrep' ? 'extended' : 'basic'
    const regexes: RegExp[] = []
    for (const pattern of patterns.flatMap((each) => each.split('\n')))
      try {
        const { source } = posixRegex(pattern, kind)
        const bounded = flags.has('x')
          ? `^(?:${source})$`
          : flags.has('w')
            ? `(?<!\\w)(?:${source})(?!\\w)`
            : source
        regexes.push(new RegExp(bounded, flags.has('i') ? 'gi' : 'g'))
      } catch {
        return yield* complain(process, name, `bad regex '${pattern}'`, 2)
      }
    const recursive = flags.has('r') || flags.has('R')
    const files = recursive
      ? (paths.length === 0 ? ['.'] : paths).flatMap((path) => below(process, path))
      : paths.length === 0
        ? ['-']
        : paths
    const named = (files.length > 1 || flags.has('H') || recursive) && !flags.has('h')
    const most = Number(values.get('m') ?? Number.POSITIVE_INFINITY)
    const after = Number(values.get('A') ?? values.get('C') ?? 0)
    const before = Number(values.get('B') ?? values.get('C') ?? 0)
    let found = false
    let failed = false
    for (const path of files) {
      const text =
        flags.has('s') && path !== '-' && process.files.peek(path, process.cwd) === null
          ? null
          : yield* contentOf(process, name, path, '')
      if (text === null) {
        failed = true
        continue
      }
      const lines = linesOf(text)
      const label = path === '-' ? '(standard input)' : path
      const prefix = named ? `${label}:` : ''
      let count = 0
      let printedTo = -1
      for (const [index, line] of lines.entries()) {
        yield* process.machine.breathe()
        const hits = regexes.flatMap((regex) =>
          bounded(regexSteps(regex, line.length), () => [...line.matchAll(regex)]),
        )
        if (hits.length > 0 === flags.has('v')) continue
        count += 1
        found = true
        if (flags.has('q')) return 0
        if (!flags.has('c') && !flags.has('l') && !flags.has('L')) {
          const number = (at: number, mark: string) => (flags.has('n') ? `${at + 1}${mark}` : '')
          if (flags.has('o')) {
            for (const [hit] of hits)
              if (hit !== '') yield* process.out(`${prefix}${number(index, ':')}${hit}\n`)
          } else {
            for (let at = Math.max(printedTo + 1, index - before); at < index; at += 1)
              yield* process.out(`${named ? `${label}-` : ''}${number(at, '-')}${lines[at]}\n`)
            yield* process.out(`${prefix}${number(index, ':')}${line}\n`)
            printedTo = index
            for (let at = index + 1; at <= Math.min(lines.length - 1, index + after); at += 1) {
              const next = lines[at] ?? ''
              const hit = regexes.some((regex) =>
                bounded(regexSteps(regex, next.length), () => next.match(regex) !== null),
              )
              if (hit !== flags.has('v')) break
              yield* process.out(`${named ? `${label}-` : ''}${number(at, '-')}${lines[at]}\n`)
              printedTo = at
            }
          }
        }
        if (count >= most) break
      }
      if (flags.has('c')) yield* process.out(`${prefix}${count}\n`)
      if ((flags.has('l') && count > 0) || (flags.has('L') && count === 0)) yield* process.out(`${label}\n`)
    }
    return failed && !(found && flags.has('q')) ? 2 : found ? 0 : 1
  }

function below(process: Process, path: string): string[] {
  const node = process.files.peek(path, process.cwd)
  if (node?.kind !== 'dir') return [path]
  return namesIn(node).flatMap((name) => below(process, `${path}/${name}`))
}

export const GREP: ReadonlyMap<string, Program> = new Map([
  ['grep', grepAs('grep')],
  ['egrep', grepAs('egrep')],
  ['fgrep', grepAs('fgrep')],
])
