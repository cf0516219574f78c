import { hostname } from 'node:os'

/** This process, and whether another one of this machine still runs. */
export const self = {
  host: hostname(),
  pid: process.pid,
  /** null for another machine's process: it cannot be told from here. */
  isAlive(host: string, pid: number): boolean | null {
    if (host !== hostname()) return null
    try {
      process.kill(pid, 0)
      return true
    } catch (error) {
      // EPERM: it runs, under another user.
      return error instanceof Error && 'code' in error && error.code === 'EPERM'
    }
  },
} as const
