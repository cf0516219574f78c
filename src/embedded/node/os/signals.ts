const NUMBERS = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  STKFLT: 16,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  POLL: 29,
  PWR: 30,
  SYS: 31,
} as const

export type Signal = keyof typeof NUMBERS

export const SIGNALS = Object.keys(NUMBERS) as readonly Signal[]
export const numberOf = (signal: Signal): number => NUMBERS[signal]

/** From 'TERM', 'SIGTERM', 'term' or '15'; null for anything else. */
export function signalNamed(text: string): Signal | null {
  const name = text.toUpperCase().replace(/^SIG/, '')
  return SIGNALS.find((signal) => signal === name || String(NUMBERS[signal]) === text) ?? null
}

/** What happens without a handler: nothing, or the end. (Nothing here is ever stopped.) */
export const isHarmless = (signal: Signal): boolean =>
  ['CHLD', 'CONT', 'URG', 'WINCH', 'STOP', 'TSTP', 'TTIN', 'TTOU'].includes(signal)
