import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** This process, and whether another one still runs. */
export const self = {
  host: hostname(),
  pid: process.pid,
  /** Tells this process from a later one that gets the same number; '' where the platform does not say. */
  birth: statOf(process.pid)?.birth ?? '',
  /** The same of another process of this machine. */
  birthOf: (pid: number): string => statOf(pid)?.birth ?? '',
  /** null for another machine's process: it cannot be told from here. */
  isAlive(host: string, pid: number, birth = ''): boolean | null {
    if (host !== hostname()) return null
    try {
      process.kill(pid, 0)
    } catch (error) {
      // EPERM: it runs, under another user.
      return error instanceof Error && 'code' in error && error.code === 'EPERM'
    }
    const stat = statOf(pid)
    if (stat === null) return true // not Linux: the number is all there is
    // A zombie has ended; nobody has asked for its exit code yet.
    return stat.state !== 'Z' && (birth === '' || stat.birth === birth)
  },
} as const

/** State letter and start time of a process as Linux keeps them (proc(5), fields 3 and 22); null elsewhere. */
function statOf(pid: number): { readonly state: string; readonly birth: string } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the command in parentheses and may hold anything; the last one ends it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', birth: fields[19] ?? '' }
  } catch {
    return null
  }
}
