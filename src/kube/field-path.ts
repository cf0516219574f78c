/** A step into an object: a key, a place in a list, or the item of a list with these keys (name="nginx"). */
export type FieldStep = string | number | Readonly<Record<string, string>>

/**
 * Reads the paths of the API server's messages: `spec.ports[0].name`, and server-side apply's
 * `.spec.containers[name="nginx"].image`. null where it is not a path.
 */
export function parseFieldPath(text: string): readonly FieldStep[] | null {
  const steps: FieldStep[] = []
  // key | [0] | [name="nginx"], [containerPort=80,protocol="TCP"] | ["a.key/with.dots"] | [="a value"]
  const step = /\.?([^.[\]]+)|\[(\d+)\]|\[((?:[\w-]+=(?:"[^"]*"|[^",\]]*),?)+)\]|\[(?:"([^"]*)"|[^\]]*)\]/y
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (found === null) return null
    const [, key, index, keys, quoted] = found
    if (key !== undefined) steps.push(key)
    else if (index !== undefined) steps.push(Number(index))
    else if (keys !== undefined) steps.push(keysOf(keys))
    else if (quoted !== undefined) steps.push(quoted)
    // An item of a set of plain values has no place of its own: its list is near enough.
    else return steps
  }
  return steps
}

const keysOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...text.matchAll(/([\w-]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, key, quoted, plain]) => [
      key,
      quoted ?? plain ?? '',
    ]),
  )

/** The same path with places instead of keys, as far as the object goes that way. */
export function locate(object: unknown, steps: readonly FieldStep[]): readonly (string | number)[] {
  const path: (string | number)[] = []
  let value = object
  for (const step of steps) {
    const place = typeof step === 'object' ? itemWith(value, step) : step
    if (place === null) break
    path.push(place)
    value =
      typeof value === 'object' && value !== null
        ? (value as Record<string | number, unknown>)[place]
        : undefined
  }
  return path
}

function itemWith(list: unknown, keys: Readonly<Record<string, string>>): number | null {
  if (!Array.isArray(list)) return null
  const index = list.findIndex((item: Record<string, unknown> | null) =>
    // The server fills in keys such as protocol="TCP" that the manifest may leave out.
    Object.entries(keys).every(([key, value]) => item?.[key] === undefined || String(item[key]) === value),
  )
  return index < 0 ? null : index
}
