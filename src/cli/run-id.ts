import { randomBytes } from 'node:crypto'

/** Short, unique and fit for a Kubernetes name: six characters of a–z and 0–9. */
export function newRunId(): string {
  return [...randomBytes(6)].map((byte) => 'abcdefghijklmnopqrstuvwxyz0123456789'[byte % 36]).join('')
}
