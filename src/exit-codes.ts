/** What the process exit code says. A contract: scripts and CI rely on these numbers. */
export const EXIT = {
  /** All criteria and constraints pass. */
  passed: 0,
  /** A criterion or a constraint failed. */
  failed: 1,
  /** The request was wrong: usage, unknown lab, bad YAML. */
  usage: 2,
  /** Could not decide: no cluster, API lost, something inconclusive. */
  undecided: 3,
  /** A bug in sts-lab. */
  bug: 4,
  /** Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
