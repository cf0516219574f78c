const MULTIPLIERS: Readonly<Record<string, number>> = {
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

const QUANTITY = /^\+?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/

/**
 * A Kubernetes quantity (50Mi, 0.5Gi, 1e3, 1500m) in bytes, rounded up as Kubernetes does; null when it is
 * none. Negative sizes are none.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export const parseBytes = (value: unknown): number | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const match = QUANTITY.exec(String(value))
  if (match === null) return null
  const [, whole = '', fraction = '', exponent = '0', suffix = ''] = match
  if (whole === '' && fraction === '') return null
  const multiplier = MULTIPLIERS[suffix] ?? 1
  // Digits first, then one division: 1.1k must be 1100 and not the 1101 that floating 1.1 * 1000 rounds up to.
  const scale = Number(exponent) - fraction.length
  const digits = Number(whole + fraction)
  const scaled = multiplier < 1 ? digits / Math.round(1 / multiplier) : digits * multiplier
  const bytes = Math.ceil(scale < 0 ? scaled / 10 ** -scale : scaled * 10 ** scale)
  return Number.isFinite(bytes) ? bytes : null
}
