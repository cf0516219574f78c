import { undecidedError } from '../../errors.ts'
import { ApiError } from '../api-errors.ts'
import { at, text } from '../facts/shape.ts'
import type { Transport } from '../transport.ts'

export interface ListResult {
  readonly items: readonly unknown[]
  /** Of the list as a whole: the point a watch starts from. */
  readonly resourceVersion: string
}

/**
 * Lists a collection in pages, all of one moment. When the server forgets that moment between two pages
 * (410), it is listed again in one piece.
 */
export async function listAll(
  transport: Transport,
  path: string,
  options: { readonly pageSize: number; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ListResult> {
  const items: unknown[] = []
  for (let token: string | null = null; ; ) {
    let page: Page
    try {
      page = await fetchPage(
        transport,
        path,
        { limit: options.pageSize, continue: token ?? undefined },
        options,
      )
    } catch (error) {
      if (token === null || !(error instanceof ApiError) || error.status !== 410) throw error
      return await fetchPage(transport, path, {}, options)
    }
    items.push(...page.items)
    token = page.next
    if (token === null) return { items, resourceVersion: page.resourceVersion }
  }
}

interface Page extends ListResult {
  readonly next: string | null
}

const fetchPage = async (
  transport: Transport,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
  options: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Page> => {
  const { timeoutMs, signal } = options
  const { body } = await transport.request({ method: 'GET', path, query, timeoutMs, signal })
  const items = at(body, 'items') ?? []
  const resourceVersion = text(at(body, 'metadata', 'resourceVersion'))
  if (!Array.isArray(items) || resourceVersion === null) {
    throw undecidedError(
      'bad-answer',
      `what ${transport.server} answers for ${path} is not a Kubernetes list`,
      'look at the server in: kubectl config view --minify',
    )
  }
  return { items, resourceVersion, next: text(at(body, 'metadata', 'continue')) }
}
