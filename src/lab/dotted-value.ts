/**
 * The value at keys and list positions joined by dots; undefined: none. A key may have dots itself, as labels do, and
 * "length" is that of a list.
 */
export function dottedValue(data: unknown, dotted: string): unknown {
  const parts = dotted.split('.')
  let at = data
  for (let begin = 0; begin < parts.length; ) {
    if (typeof at !== 'object' || at === null) return undefined
    let end = parts.length
    // The longest key that there is: "app.kubernetes.io/name" before "app".
    while (end > begin && !Object.hasOwn(at, parts.slice(begin, end).join('.'))) end--
    if (end === begin) return undefined
    at = (at as Readonly<Record<string, unknown>>)[parts.slice(begin, end).join('.')]
    begin = end
  }
  return at
}
