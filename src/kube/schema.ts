import type { FieldStep } from './field-path.ts'
import type { Send } from './transport.ts'

interface Definition {
  readonly properties?: Readonly<Record<string, Definition>>
  readonly items?: Definition
  readonly additionalProperties?: Definition
  readonly $ref?: string
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[]
}

/** The server's own description of its objects: megabytes, so asked for only when there is a typo to explain. */
export class Schema {
  readonly #definitions: Readonly<Record<string, Definition>>

  private constructor(definitions: Readonly<Record<string, Definition>>) {
    this.#definitions = definitions
  }

  static async fetch(send: Send, signal: AbortSignal): Promise<Schema> {
    const { body } = await send({
      method: 'GET',
      path: '/openapi/v2',
      signal,
      timeoutMs: 30_000,
    })
    // Servers send this JSON as text/plain.
    const document: unknown = typeof body === 'string' ? JSON.parse(body) : body
    const { definitions } = document as { definitions?: Readonly<Record<string, Definition>> }
    return new Schema(definitions ?? {})
  }

  /** The fields known at a place in an object of this kind; none where the schema leaves it open. */
  fieldsAt(apiVersion: string, kind: string, steps: readonly FieldStep[]): readonly string[] {
    const [version = '', group = ''] = apiVersion.split('/').reverse()
    const root = Object.values(this.#definitions).find((definition) =>
      definition['x-kubernetes-group-version-kind']?.some(
        (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
      ),
    )
    let at = this.#resolve(root)
    for (const step of steps) {
      at = this.#resolve(
        typeof step === 'string' ? (at?.properties?.[step] ?? at?.additionalProperties) : at?.items,
      )
    }
    return Object.keys(at?.properties ?? {})
  }

  #resolve(definition: Definition | undefined): Definition | undefined {
    const name = definition?.$ref?.replace('#/definitions/', '')
    return name === undefined ? definition : this.#definitions[name]
  }
}
