import type { LabelSelector } from '../shapes.ts'
import { NONE } from './table.ts'

/** A selector as kubectl writes it: `app=web,tier in (a,b),!canary`. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'In':
        return `${key} in (${[...values].sort().join(',')})`
      case 'NotIn':
        return `${key} notin (${[...values].sort().join(',')})`
      case 'Exists':
        return key
      default:
        return `!${key}`
    }
  })
  const all = [...labels, ...expressions].sort()
  return all.length === 0 ? NONE : all.join(',')
}
