import type { Shell } from './shell.ts'

/** The builtin: one option of the arguments at a time. @returns its status */
export function getopts(shell: Shell, spec: string, name: string, given: readonly string[]): number {
  const args = given.length > 0 ? given : shell.positional
  const [indexText = '1', within = '1'] = (shell.get('OPTIND') ?? '1').split('.')
  let index = Number(indexText)
  let at = Number(within)
  const word = args[index - 1]
  if (word === undefined || !/^-./.test(word) || word === '--') {
    shell.set(name, '?')
    if (word === '--') shell.set('OPTIND', String(index + 1))
    return 1
  }
  const letter = word[at] ?? '?'
  const known = spec.indexOf(letter, spec.startsWith(':') ? 1 : 0)
  at += 1
  if (known >= 0 && spec[known + 1] === ':') {
    shell.set('OPTARG', at < word.length ? word.slice(at) : (args[index] ?? ''))
    index += at < word.length ? 1 : 2
    at = 1
  } else if (at >= word.length) {
    index += 1
    at = 1
  }
  shell.set('OPTIND', at === 1 ? String(index) : `${index}.${at}`)
  shell.set(name, known < 0 || letter === ':' ? '?' : letter)
  return 0
}
