import type { Program } from '../os/machine.ts'
import { sh } from '../sh/sh.ts'
import { FILES } from './files.ts'
import { GREP } from './grep.ts'
import { LAUNCHERS } from './launchers.ts'
import { LISTING } from './listing.ts'
import { nslookup } from './nslookup.ts'
import { BadOption } from './options.ts'
import { PATHS } from './paths.ts'
import { sed } from './sed.ts'
import { httpd, nginx } from './servers.ts'
import { SYSTEM } from './system.ts'
import { tar } from './tar.ts'
import { TEXT } from './text.ts'
import { COLUMNS } from './text-columns.ts'
import { tty } from './tty.ts'
import { curl, nc, ping, wget } from './web.ts'

/** What busybox can be called as. */
export const BUSYBOX: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['sh', sh],
  ['ash', sh],
  ...FILES,
  ...PATHS,
  ...GREP,
  ...LISTING,
  ...SYSTEM,
  ...LAUNCHERS,
  ...TEXT,
  ...COLUMNS,
  ['sed', sed],
  ['tar', tar],
  ['tty', tty],
  ['nslookup', nslookup],
  ['wget', wget],
  ['httpd', httpd],
  ['ping', ping],
  ['nc', nc],
])

/** Does nothing, for ever, as the pause image does; ends when told to. */
const pause: Program = function* (process) {
  let told = false
  for (const signal of ['TERM', 'INT'] as const)
    process.handlers.set(signal, () => {
      told = true
    })
  while (!told) yield process.news.wait
  return 0
}

const busybox: Program = function* (process, argv) {
  const [, name] = argv
  const version = process.machine.version
  const program = name === undefined ? undefined : BUSYBOX.get(name)
  if (program !== undefined) return yield* program(process, argv.slice(1))
  if (name === '--list') yield* process.out(`${[...BUSYBOX.keys()].sort().join('\n')}\n`)
  else if (name === undefined)
    yield* process.out(
      `BusyBox v${version}.1 multi-call binary.\n\nCurrently defined functions:\n\t${[...BUSYBOX.keys()].sort().join(', ')}\n`,
    )
  else yield* process.warn(`${name}: applet not found\n`)
  return name === undefined || name === '--list' ? 0 : 127
}

const OTHERS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['busybox', busybox],
  ['nginx', nginx],
  ['curl', curl],
  ['pause', pause],
])

/** A program by its name, with its way of refusing options that it does not have. */
export function programNamed(name: string): Program | null {
  const program = BUSYBOX.get(name) ?? OTHERS.get(name)
  if (program === undefined) return null
  return function* (process, argv) {
    try {
      return yield* program(process, argv)
    } catch (error) {
      if (!(error instanceof BadOption)) throw error
      yield* process.warn(`${name}: ${error.message}\n`)
      return 1
    }
  }
}
