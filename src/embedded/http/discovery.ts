import type { JsonObject } from '../object.ts'
import { SERVED } from '../registry/index.ts'
import { apiVersionOf, type Kind, type Subresource } from '../registry/kind.ts'
import { SERVER_VERSION } from '../version.ts'

const review = (kind: string) => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
})

/** Answered, but nothing is stored of it. */
const REVIEWS = [review('SelfSubjectAccessReview'), review('SelfSubjectRulesReview')]
const REVIEW_GROUP = 'authorization.k8s.io'

const GROUPS = [...new Set([...SERVED.map(({ group }) => group), REVIEW_GROUP])].filter(
  (group) => group !== '',
)

const kindsOf = (group: string, version: string): readonly Kind[] =>
  SERVED.filter((kind) => kind.group === group && kind.version === version)

/** What discovery answers, by path; null where there is nothing of it. */
export function discover(
  path: string,
  accept: string,
  { server, speed }: { readonly server: string; readonly speed: number },
): JsonObject | null {
  const aggregated = aggregatedVersion(accept)
  switch (path) {
    case '/version':
      // Whoever waits for something here should know what time is to this cluster.
      return { ...SERVER_VERSION, simulatedSpeed: speed }
    case '/api':
      if (aggregated !== null) return aggregatedList([''], aggregated)
      return {
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: server }],
      }
    case '/apis':
      if (aggregated !== null) return aggregatedList(GROUPS, aggregated)
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupOf) }
    case '/api/v1':
      return resourceList('', 'v1')
  }
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
  if (group === undefined || !GROUPS.includes(group)) return null
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) }
  return version === 'v1' ? resourceList(group, version) : null
}

/** The content type of what `discover` answers to this. */
export function discoveryType(path: string, accept: string): string {
  const version = aggregatedVersion(accept)
  const aggregates = (path === '/api' || path === '/apis') && version !== null
  return aggregates
    ? `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`
    : 'application/json'
}

function aggregatedVersion(accept: string): 'v2' | 'v2beta1' | null {
  for (const version of ['v2', 'v2beta1'] as const)
    if (accept.includes(`g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)) return version
  return null
}

const groupOf = (group: string): JsonObject => {
  const version = { groupVersion: `${group}/v1`, version: 'v1' }
  return { name: group, versions: [version], preferredVersion: version }
}

function resourceList(group: string, version: string): JsonObject {
  const resources = kindsOf(group, version).flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames === undefined ? {} : { shortNames: kind.shortNames }),
      ...(kind.categories === undefined ? {} : { categories: kind.categories }),
    },
    ...kind.subresources.map((sub) => ({
      name: `${kind.plural}/${sub.name}`,
      singularName: '',
      namespaced: kind.namespaced,
      ...(sub.group === undefined ? {} : { group: sub.group, version: sub.version }),
      kind: sub.kind ?? kind.kind,
      verbs: sub.verbs,
    })),
  ])
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: group === REVIEW_GROUP ? REVIEWS : resources,
  }
}

function aggregatedList(groups: readonly string[], version: string): JsonObject {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: group === REVIEW_GROUP ? aggregatedReviews() : kindsOf(group, 'v1').map(aggregatedKind),
        },
      ],
    })),
  }
}

const aggregatedKind = (kind: Kind): JsonObject => ({
  resource: kind.plural,
  responseKind: { group: kind.group, version: kind.version, kind: kind.kind },
  scope: kind.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: kind.singular,
  verbs: kind.verbs,
  ...(kind.shortNames === undefined ? {} : { shortNames: kind.shortNames }),
  ...(kind.categories === undefined ? {} : { categories: kind.categories }),
  subresources: kind.subresources.map((sub) => aggregatedSubresource(sub, kind)),
})

const aggregatedSubresource = (sub: Subresource, kind: Kind): JsonObject => ({
  subresource: sub.name,
  responseKind: {
    group: sub.group ?? kind.group,
    version: sub.version ?? kind.version,
    kind: sub.kind ?? kind.kind,
  },
  verbs: sub.verbs,
})

const aggregatedReviews = (): readonly JsonObject[] =>
  REVIEWS.map(({ name, singularName, kind, verbs }) => ({
    resource: name,
    responseKind: { group: REVIEW_GROUP, version: 'v1', kind },
    scope: 'Cluster',
    singularResource: singularName,
    verbs,
  }))
