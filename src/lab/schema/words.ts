import { z } from 'zod'
import { fillPattern } from '../placeholders.ts'

/** The small parts that every lab file is made of. */
export const text = z.string().trim().min(1, 'must not be empty')

export const texts = z.array(text).default([])

export const id = z
  .string()
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'must be lower-case letters, digits and single dashes, such as "scale-up"',
  )

export const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'must be a Kubernetes name: lower-case letters, digits and dashes',
  )

export const replicas = z.int().min(0).max(20)

/** Keys and list positions joined by dots. */
export const dottedPath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'must be keys joined by dots, such as "spec.serviceName"')

export const pattern = text.refine(isPattern, 'is not a regular expression')

/** As it will be once its placeholders are filled in. */
function isPattern(source: string): boolean {
  try {
    new RegExp(fillPattern(source, {}), 'iu')
    return true
  } catch {
    return false
  }
}
