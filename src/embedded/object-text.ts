import type { ApiObject } from './object.ts'

/** Serialised once, however many watch. */
const texts = new WeakMap<ApiObject, string>()

/** An object as JSON. Remembered where somebody asked for that: it is mostly asked for by several at once. */
export function textOf(object: ApiObject, remember = false): string {
  const known = texts.get(object)
  if (known !== undefined) return known
  const text = JSON.stringify(object)
  if (remember) texts.set(object, text)
  return text
}
