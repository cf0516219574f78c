const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}
const FORM = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:([eE][+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/

/** What the real server says of a string that is no quantity. */
export const QUANTITY_RULE =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

/** The number that a quantity stands for; null when it is none. */
export function quantityValue(text: string): number | null {
  const found = FORM.exec(text)
  if (!found) return null
  const [, number = '', exponent, suffix = ''] = found
  return exponent === undefined ? Number(number) * (SUFFIXES[suffix] ?? 1) : Number(number + exponent)
}

/** As the real server writes it back: 0.5 → 500m, 1024Mi → 1Gi, 1000m → 1. Anything else stays as it is. */
export function canonicalQuantity(value: string | number): string {
  const text = String(value)
  const amount = quantityValue(text)
  if (amount === null || /[eE]/.test(text.replace(/Ei?$/, ''))) return text
  if (amount === 0) return '0'
  return /[KMGTPE]i$/.test(text) ? inBinary(amount) : inDecimal(amount)
}

const largestFirst = (names: readonly string[]) => names.map((name) => [name, SUFFIXES[name] ?? 1] as const)
const BINARY = largestFirst(['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'])
const DECIMAL = largestFirst(['E', 'P', 'T', 'G', 'M', 'k', '', 'm'])

const inBinary = (amount: number): string => {
  const unit = BINARY.find(([, factor]) => Number.isInteger(amount / factor))
  return unit === undefined ? inDecimal(amount) : `${amount / unit[1]}${unit[0]}`
}

/** Multiples of a thousandth, or of more; finer ones are rounded up. */
const inDecimal = (amount: number): string => {
  for (const [name, factor] of DECIMAL) {
    const count = amount / factor
    if (Math.abs(count - Math.round(count)) < 1e-9 * Math.abs(count)) return `${Math.round(count)}${name}`
  }
  return `${Math.ceil(amount * 1000)}m`
}
