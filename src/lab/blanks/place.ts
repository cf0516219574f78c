import type { Path } from '../lab-text.ts'

/** "spec.containers.0.name" as a path: a part of digits is a position in a list. */
export const pathOf = (dotted: string): Path =>
  dotted.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

/** "service.yaml#metadata.name" is a place in another file; without "#" it is in this one. */
export function placeOf(place: string): { readonly file: string | null; readonly at: string } {
  const hash = place.indexOf('#')
  return hash < 0 ? { file: null, at: place } : { file: place.slice(0, hash), at: place.slice(hash + 1) }
}

/** What plain data has at a path; undefined: nothing. */
export const valueAt = (data: unknown, path: Path): unknown =>
  path.reduce((at: unknown, step) => {
    if (typeof at !== 'object' || at === null) return undefined
    return Object.hasOwn(at, step) ? (at as Record<string | number, unknown>)[step] : undefined
  }, data)

/** A blank that nobody has filled yet: the underscores, or nothing at all. */
export const isOpen = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && /^_*$/.test(value.trim()))
