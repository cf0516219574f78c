import type { StreamFacts, StreamName } from '../timeline/observation.ts'
import { parseClaim } from './facts/claim.ts'
import { parseEvent } from './facts/event.ts'
import { parseEndpoints, parseService } from './facts/network.ts'
import { parsePod } from './facts/pod.ts'
import { parseStatefulSet } from './facts/statefulset.ts'

/**
 * One parser per stream: an API object in, complete facts out. They accept any JSON and never throw;
 * null means it is no object at all (no name, UID or resourceVersion). Missing parts become null, [],
 * or what Kubernetes itself would have defaulted them to.
 */
export const FACTS: { readonly [S in StreamName]: (object: unknown) => StreamFacts[S] | null } = {
  pods: parsePod,
  claims: parseClaim,
  statefulsets: parseStatefulSet,
  services: parseService,
  endpoints: parseEndpoints,
  events: parseEvent,
}
