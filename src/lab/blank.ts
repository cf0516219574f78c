/** A place in a manifest that the student fills. What it accepts is data: any right answer passes, not one spelling. */
export interface Blank {
  readonly id: string
  /** Where it stands: keys and list positions joined by dots, such as "spec.template.spec.containers.0.name". */
  readonly at: string
  readonly ask: string
  /** Each has to hold. */
  readonly accept: readonly BlankRule[]
  /** From an observation, over a direction, to nearly the answer. */
  readonly hints: readonly string[]
  /** What our own solution has there, as it is written in YAML. */
  readonly solution: string
}

/** What a value has to be. `say` tells a student whose value breaks the rule what is wrong with it. */
export type BlankRule = (
  | { readonly is: 'one-of'; readonly values: readonly (string | number | boolean)[] }
  /** A regular expression for the whole value, as text. */
  | { readonly is: 'pattern'; readonly pattern: string }
  | { readonly is: 'integer'; readonly min: number; readonly max: number }
  /** A Kubernetes quantity: 100Mi, 0.1Gi and 104857600 are the same. */
  | { readonly is: 'quantity'; readonly min: string; readonly max: string }
  /** A name as Kubernetes takes it: of an object, of a port (15 characters, a letter), as the value of a label. */
  | { readonly is: 'name'; readonly of: 'object' | 'port' | 'label' }
  /** The same value as at other places: "spec.serviceName", or "service.yaml#metadata.name" in another file. */
  | { readonly is: 'same-as'; readonly places: readonly string[] }
  /** Taken by no other: not the value at these places. */
  | { readonly is: 'other-than'; readonly places: readonly string[] }
) & { readonly say: string }
