/** What a selector asks of an object's labels, or of its fields. */
export type Selector = (values: Readonly<Record<string, string>>) => boolean

export const everything: Selector = () => true

/** A selector that cannot be read; `message` as the real server words it. */
export class BadSelector extends Error {}

const LABEL_KEY = /^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/

/** `app=web,tier!=db,env in (a,b),!canary`. @throws BadSelector */
export function labelSelector(text: string): Selector {
  const parts = splitOutsideParentheses(text)
  const requirements = parts.map((part) => labelRequirement(part.trim(), text))
  return (labels) => requirements.every((holds) => holds(labels))
}

function labelRequirement(part: string, whole: string): Selector {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = new Set(list.split(',').map((value) => value.trim()))
    checkKey(key)
    return operator === 'in'
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key])
  }
  const equality = /^([^=!<>\s]+)\s*(==|=|!=)\s*([^=!<>\s()]*)$/.exec(part)
  if (equality) {
    const [, key = '', operator, value = ''] = equality
    checkKey(key)
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  const presence = /^(!?)\s*([^=!<>\s,()]+)$/.exec(part)
  if (presence) {
    const [, not, key = ''] = presence
    checkKey(key)
    return (labels) => Object.hasOwn(labels, key) === (not === '')
  }
  if (part.startsWith('!!'))
    throw new BadSelector(`unable to parse requirement: found '!', expected: identifier`)
  throw new BadSelector(
    `unable to parse requirement: found '${part}', expected: a label selector (in "${whole}")`,
  )
}

function checkKey(key: string): void {
  if (!LABEL_KEY.test(key))
    throw new BadSelector(
      `unable to parse requirement: <nil>: Invalid value: "${key}": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    )
}

/** `metadata.name=web-0,status.phase!=Running`. @throws BadSelector for a field that cannot be asked for */
export function fieldSelector(text: string, known: ReadonlySet<string>): Selector {
  const requirements = text.split(',').map((part): Selector => {
    const found = /^\s*([^=!]+?)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part)
    if (!found) throw new BadSelector(`invalid selector: '${text}'; can't understand '${part}'`)
    const [, field = '', operator, value = ''] = found
    if (!known.has(field)) throw new BadSelector(`field label not supported: ${field}`)
    return (values) => (values[field] === value) === (operator !== '!=')
  })
  return (values) => requirements.every((holds) => holds(values))
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

/** The `selector` of a StatefulSet or Deployment. An absent one selects nothing, an empty one everything. */
export function selectorOf(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return () => false
  const labels = Object.entries(selector.matchLabels ?? {})
  const expressions = selector.matchExpressions ?? []
  return (values) =>
    labels.every(([key, value]) => values[key] === value) &&
    expressions.every(({ key, operator, values: allowed = [] }) => {
      const value = values[key]
      switch (operator) {
        case 'In':
          return value !== undefined && allowed.includes(value)
        case 'NotIn':
          return value === undefined || !allowed.includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
        default:
          return false
      }
    })
}

function splitOutsideParentheses(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}
