import { type Image, imageOf, referenceOf } from '../image/images.ts'

export type Pulled =
  | { readonly image: Image }
  | { readonly failure: 'InvalidImageName'; readonly message: string }
  | { readonly failure: 'ErrImagePull'; readonly message: string }

/** Gets an image by its name, or says what the runtime says. */
export function pull(name: string): Pulled {
  const reference = referenceOf(name)
  if (reference === null)
    return {
      failure: 'InvalidImageName',
      message: `Failed to apply default image tag ${JSON.stringify(name)}: couldn't parse image reference ${JSON.stringify(name)}: invalid reference format${/[A-Z]/.test(name) ? ': repository name must be lowercase' : ''}`,
    }
  const image = imageOf(reference)
  if (image !== null) return { image }
  const { full, repository } = reference
  const [registry = '', ...path] = repository.split('/')
  const begin = `failed to pull and unpack image "${full}": failed to resolve reference "${full}"`
  const known = /^docker\.io\/library\/(busybox|nginx)$/.test(repository)
  const message = known
    ? `rpc error: code = NotFound desc = ${begin}: ${full}: not found`
    : registry === 'docker.io'
      ? `rpc error: code = Unknown desc = ${begin}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`
      : `rpc error: code = Unknown desc = ${begin}: failed to do request: Head "https://${registry}/v2/${path.join('/')}/manifests/${reference.tag}": dial tcp: lookup ${registry}: no such host`
  return { failure: 'ErrImagePull', message }
}
