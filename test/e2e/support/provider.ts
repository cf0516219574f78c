/** A cluster that e2e tests may use: a kubeconfig that holds nothing but it. */
export interface E2eCluster {
  readonly kubeconfig: string
  readonly context: string
  readonly provider: string
}

/** A cluster, or why this way of getting one is not open here (one line, without a full stop). */
export type Offer =
  | { readonly kind: 'ready'; readonly cluster: E2eCluster; readonly tearDown: () => Promise<void> }
  | { readonly kind: 'not-applicable'; readonly reason: string }

/**
 * A way to get a cluster. "Not applicable" lets the next one try; what a developer asked for and does not work
 * throws, so that a broken cluster is never taken for a missing one.
 */
export interface Provider {
  readonly name: string
  offer(): Promise<Offer>
}

export const notApplicable = (reason: string): Offer => ({ kind: 'not-applicable', reason })
