/**
 * What the StatefulSet controller can be told to do wrong, so that tests can show that each is noticed:
 * - creates-at-once: an ordered set does not wait for a pod to be ready before it creates the next
 * - creates-backwards: the last pod comes first
 * - deletes-at-once: an ordered set does not wait for a pod to be gone before it deletes the next
 * - deletes-forwards: of the pods that are too many the first goes first
 * - deletes-claims: the claims of a pod go with it when the set is scaled down, whatever the policy says
 * - loses-volumes: a pod that comes back finds a claim of the same name with a new, empty volume
 * - shares-claims: every pod mounts the claims of the first
 * - swaps-claims: a pod that comes back mounts claims of other names, and its own stay behind
 * - forgets-hostnames: pods get neither hostname nor subdomain, and so no name in the cluster's DNS
 */
export type Misdeed =
  | 'creates-at-once'
  | 'creates-backwards'
  | 'deletes-at-once'
  | 'deletes-forwards'
  | 'deletes-claims'
  | 'loses-volumes'
  | 'shares-claims'
  | 'swaps-claims'
  | 'forgets-hostnames'

/** Looked at each time: what is put in or taken out counts from then on. */
export type Misdeeds = ReadonlySet<Misdeed>
