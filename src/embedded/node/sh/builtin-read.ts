import type { Task } from '../os/fiber.ts'
import type { Runner } from './run.ts'
import { ShellError } from './shell.ts'

export function* read({ process, shell }: Runner, args: readonly string[]): Task<number> {
  let raw = false
  let names = [...args]
  for (let first = names[0]; first?.startsWith('-'); first = names[0]) {
    names = names.slice(1)
    if (first.includes('r')) raw = true
    if (/[tnpdu]$/.test(first)) {
      if (first.endsWith('p')) yield* process.warn(names[0] ?? '')
      names = names.slice(1)
    }
  }
  let line = ''
  let ended = false
  for (;;) {
    const character = yield* process.fd(0).read(1)
    if (character === '') {
      ended = true
      break
    }
    if (character === '\n') break
    if (character === '\\' && !raw) {
      const next = yield* process.fd(0).read(1)
      if (next !== '\n') line += `\\${next}`
      continue
    }
    line += character
    if (line.length > process.machine.limits.textBytes) throw new ShellError('out of memory')
    if (line.length % 1024 === 0) yield* process.machine.breathe()
  }
  for (const [name, value] of assigned(
    names.length === 0 ? ['REPLY'] : names,
    line,
    shell.get('IFS') ?? ' \t\n',
    raw,
  ))
    shell.set(name, value)
  return ended ? 1 : 0
}

/** The last name gets what is left. */
function assigned(names: readonly string[], line: string, ifs: string, raw: boolean): [string, string][] {
  const blank = (character: string) => ' \t\n'.includes(character) && ifs.includes(character)
  const isEscape = (at: number) => !raw && line[at] === '\\'
  const plain = (text: string) => (raw ? text : text.replace(/\\(.)/g, '$1'))
  let at = 0
  const skip = () => {
    while (at < line.length && blank(line[at] ?? '')) at += 1
  }
  const result: [string, string][] = []
  for (const [index, name] of names.entries()) {
    skip()
    if (index === names.length - 1) {
      let end = line.length
      while (end > at && blank(line[end - 1] ?? '') && !isEscape(end - 2)) end -= 1
      result.push([name, plain(line.slice(at, end))])
      break
    }
    const begin = at
    while (at < line.length && !ifs.includes(line[at] ?? '')) at += isEscape(at) ? 2 : 1
    result.push([name, plain(line.slice(begin, at))])
    skip()
    if (at < line.length && ifs.includes(line[at] ?? '') && !blank(line[at] ?? '')) at += 1
  }
  return result
}
