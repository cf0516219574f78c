import { usageError } from '../errors.ts'

const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/

/**
 * What --namespace names. One that cannot exist is refused before it becomes part of a path or of a file's name.
 *
 * @throws LabError 'bad-namespace' (usage).
 */
export function namespaceName(text: string): string {
  if (NAME.test(text)) return text
  throw usageError(
    'bad-namespace',
    `--namespace wants lower case letters, digits and "-" (63 at most), not "${text}"`,
    'for example: --namespace my-lab',
  )
}
