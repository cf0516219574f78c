import { bounded, regexSteps } from '../os/bounded-work.ts'
import type { Program } from '../os/machine.ts'
import { complain, optionsOf } from './options.ts'
import { contentOf, linesOf } from './read.ts'
import { posixRegex } from './regex.ts'

type Address = { readonly line: number } | { readonly regex: RegExp } | 'last'
interface Step {
  readonly from: Address | null
  readonly to: Address | null
  readonly negated: boolean
  readonly verb: string
  readonly regex: RegExp | null
  readonly text: string
  readonly flags: string
  active: boolean
}

/** sed for what scripts in pods do: s, d, p, q, a, i, c, =, y with addresses; -n, -e, -i, -E. */
export const sed: Program = function* (process, argv) {
  const scripts: string[] = []
  const words = [...argv]
  for (let at = 1; at < words.length; at += 1)
    if (words[at] === '-e') {
      scripts.push(words[at + 1] ?? '')
      words.splice(at, 2)
      at -= 1
    }
  const { flags, operands } = optionsOf(words, 'nEri')
  const paths = [...operands]
  if (scripts.length === 0) scripts.push(paths.shift() ?? '')
  let steps: Step[]
  try {
    steps = new SedParser(scripts.join('\n'), flags.has('E') || flags.has('r')).steps()
  } catch (error) {
    return yield* complain(process, 'sed', error instanceof Error ? error.message : String(error))
  }
  let status = 0
  let output = ''
  const sources: { path: string; text: string }[] = []
  for (const path of paths.length === 0 ? ['-'] : paths) {
    const text = yield* contentOf(process, 'sed', path, '')
    if (text === null) status = 1
    else sources.push({ path, text })
  }
  const groups = flags.has('i') ? sources.map((source) => [source]) : [sources]
  for (const group of groups) {
    output = ''
    const text = group.map((source) => source.text).join('')
    const lines = linesOf(text)
    let quit = false
    for (let index = 0; index < lines.length && !quit; index += 1) {
      yield* process.machine.breathe()
      let line = lines[index] ?? ''
      let shown = !flags.has('n')
      let after = ''
      for (const step of steps) {
        if (selected(step, line, index + 1, index === lines.length - 1) === step.negated) continue
        if (step.verb === 's' && step.regex !== null) {
          const changed = substitute(line, step)
          if (changed !== null) {
            line = changed
            if (step.flags.includes('p')) output += `${line}\n`
          }
        } else if (step.verb === 'd') {
          shown = false
          break
        } else if (step.verb === 'p') output += `${line}\n`
        else if (step.verb === 'q') {
          quit = true
          break
        } else if (step.verb === 'a') after += `${step.text}\n`
        else if (step.verb === 'i') output += `${step.text}\n`
        else if (step.verb === 'c') {
          output += `${step.text}\n`
          shown = false
          break
        } else if (step.verb === '=') output += `${index + 1}\n`
        else if (step.verb === 'y')
          line = [...line].map((each) => step.flags[step.text.indexOf(each)] ?? each).join('')
      }
      const last = index === lines.length - 1 && !text.endsWith('\n') ? '' : '\n'
      if (shown) output += line + last
      output += after
    }
    const [source] = group
    if (flags.has('i') && source !== undefined && source.path !== '-') {
      const handle = process.files.open(source.path, process.cwd, { write: true, truncate: true }, process)
      yield* handle.write(output)
      handle.close()
    } else yield* process.out(output)
  }
  return status
}

function fits(address: Address, line: string, number: number, isLast: boolean): boolean {
  if (address === 'last') return isLast
  if ('line' in address) return address.line === number
  const { regex } = address
  return bounded(regexSteps(regex, line.length), () => regex.test(line))
}

function selected(step: Step, line: string, number: number, isLast: boolean): boolean {
  if (step.from === null) return true
  if (step.to === null) return fits(step.from, line, number, isLast)
  if (!step.active) {
    if (!fits(step.from, line, number, isLast)) return false
    step.active = !(step.to !== 'last' && 'line' in step.to && step.to.line <= number)
    return true
  }
  if (fits(step.to, line, number, isLast)) step.active = false
  return true
}

function substitute(line: string, step: Step): string | null {
  const which = Number(/\d+/.exec(step.flags)?.[0] ?? 1)
  const all = step.flags.includes('g')
  let seen = 0
  let changed = false
  const regex = new RegExp(step.regex ?? '', /i/i.test(step.flags) ? 'gi' : 'g')
  const result = bounded(regexSteps(regex, line.length), () =>
    line.replace(regex, (match, ...rest: unknown[]) => {
      seen += 1
      if (seen < which || (seen > which && !all)) return match
      changed = true
      return step.text.replace(/\\(\d|n|t|.)|&/g, (found, escaped: string | undefined) => {
        if (found === '&') return match
        if (/\d/.test(escaped ?? '')) return escaped === '0' ? match : String(rest[Number(escaped) - 1] ?? '')
        return escaped === 'n' ? '\n' : escaped === 't' ? '\t' : (escaped ?? '')
      })
    }),
  )
  return changed ? result : null
}

class SedParser {
  readonly #text: string
  readonly #extended: boolean
  #at = 0

  constructor(text: string, extended: boolean) {
    this.#text = text
    this.#extended = extended
  }

  steps(): Step[] {
    const steps: Step[] = []
    for (;;) {
      while (/[\s;]/.test(this.#text[this.#at] ?? '')) this.#at += 1
      if (this.#at >= this.#text.length) return steps
      const from = this.#address()
      let to: Address | null = null
      if (from !== null && this.#text[this.#at] === ',') {
        this.#at += 1
        to = this.#address()
      }
      while (this.#text[this.#at] === ' ') this.#at += 1
      const negated = this.#text[this.#at] === '!'
      if (negated) this.#at += 1
      steps.push({ from, to, negated, active: false, ...this.#command() })
    }
  }

  #command(): Pick<Step, 'verb' | 'regex' | 'text' | 'flags'> {
    const verb = this.#text[this.#at] ?? ''
    this.#at += 1
    if (verb === 's' || verb === 'y') {
      const by = this.#text[this.#at] ?? '/'
      this.#at += 1
      const pattern = this.#until(by)
      const text = this.#until(by, true)
      if (verb === 'y') return { verb, regex: null, text: pattern, flags: text }
      const flags = /^[gpiI\d]*/.exec(this.#text.slice(this.#at))?.[0] ?? ''
      this.#at += flags.length
      return { verb, regex: this.#regex(pattern), text, flags }
    }
    if ('aic'.includes(verb) && verb !== '') {
      const end = this.#text.indexOf('\n', this.#at)
      const text = this.#text.slice(this.#at, end < 0 ? undefined : end).replace(/^\s*\\?\s*/, '')
      this.#at = end < 0 ? this.#text.length : end
      return { verb, regex: null, text, flags: '' }
    }
    if (!'dpq='.includes(verb) || verb === '') throw new Error(`unsupported command ${verb}`)
    return { verb, regex: null, text: '', flags: '' }
  }

  #address(): Address | null {
    const number = /^\d+/.exec(this.#text.slice(this.#at))?.[0]
    if (number !== undefined) {
      this.#at += number.length
      return { line: Number(number) }
    }
    if (this.#text[this.#at] === '$') {
      this.#at += 1
      return 'last'
    }
    if (this.#text[this.#at] !== '/') return null
    this.#at += 1
    return { regex: this.#regex(this.#until('/')) }
  }

  #regex(pattern: string): RegExp {
    return posixRegex(pattern, this.#extended ? 'extended' : 'basic')
  }

  #until(by: string, replacement = false): string {
    let found = ''
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at] ?? ''
      if (character === by) {
        this.#at += 1
        return found
      }
      if (character === '\\') {
        this.#at += 1
        const next = this.#text[this.#at] ?? ''
        found += next === by && !replacement ? next : next === by ? next : `\\${next}`
      } else found += character
    }
    throw new Error('unmatched delimiter')
  }
}
