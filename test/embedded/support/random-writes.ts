/** One write, the same for every server. */
export interface RandomWrite {
  readonly method: 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  readonly contentType: string
  readonly body: unknown
}

/** Numbers from 0 to 1 that are the same for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state / 0x7fffffff
  }
}

/**
 * Writes to one StatefulSet by three managers: patches of each kind, replacements, and applies with force (what an
 * old server says of conflicts is known to be wrong). No empty lists or structs: there newer servers differ.
 */
export function* randomWrites(
  collection: string,
  count: number,
  random: () => number,
): Generator<RandomWrite> {
  const pick = <T>(first: T, ...rest: readonly T[]): T =>
    [first, ...rest][Math.floor(random() * (rest.length + 1))] ?? first
  const some = <T>(first: T, ...rest: readonly T[]): readonly T[] => {
    const chosen = [first, ...rest].filter(() => random() < 0.5)
    return chosen.length > 0 ? chosen : [first]
  }
  const maybe = (chance: number, make: () => object): object => (random() < chance ? make() : {})

  const container = (name: string): object => ({
    name,
    ...maybe(0.7, () => ({ image: pick('a:1', 'b:2') })),
    ...maybe(0.5, () => ({
      env: some('A', 'B', 'C').map((key) => ({ name: key, value: pick('1', '2', '3') })),
    })),
    ...maybe(0.4, () => ({
      ports: some(80, 81, 82).map((containerPort) => ({
        containerPort,
        protocol: 'TCP',
        ...maybe(0.5, () => ({ name: `p${containerPort}` })),
      })),
    })),
    ...maybe(0.3, () => ({ command: pick(['x'], ['x', 'y']) })),
    ...maybe(0.3, () => ({
      resources: pick<object>({ limits: { memory: '1Gi' } }, { requests: { cpu: '100m', memory: '1024Mi' } }),
    })),
    ...maybe(0.3, () => ({
      volumeMounts: some('/a', '/b').map((mountPath) => ({ mountPath, name: pick('v', 'w') })),
    })),
  })
  const metadata = (): object => ({
    name: 'web',
    ...maybe(0.4, () => ({ labels: Object.fromEntries(some('l', 'k').map((key) => [key, pick('1', '2')])) })),
    ...maybe(0.3, () => ({
      annotations: Object.fromEntries(some('a.b/c', 'd').map((key) => [key, pick('1', '2')])),
    })),
  })
  const changes = (): object => ({
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [container('m'), ...(random() < 0.5 ? some('n', 'o').map(container) : [])],
        ...maybe(0.3, () => ({
          volumes: some('v', 'w').map((name) => ({ name, configMap: { name: 'c' } })),
        })),
        ...maybe(0.3, () => ({ terminationGracePeriodSeconds: pick(1, 5, 30) })),
        ...maybe(0.2, () => ({ tolerations: some('x', 'y').map((key) => ({ key, operator: 'Exists' })) })),
        ...maybe(0.2, () => ({
          hostAliases: some('1.1.1.1', '2.2.2.2').map((ip) => ({ ip, hostnames: ['h'] })),
        })),
      },
    },
  })
  const object = (spec: object): object => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(),
    spec,
  })
  const whole = (): object =>
    object({ replicas: 0, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, ...changes() })

  const json = 'application/json'
  yield { method: 'POST', path: `${collection}?fieldManager=m1`, contentType: json, body: whole() }
  for (let index = 1; index < count; index += 1) {
    const path = `${collection}/web?fieldManager=${pick('m1', 'm2', 'm3')}`
    const kind = pick('strategic-merge-patch+json', 'merge-patch+json', 'apply-patch+yaml', 'put')
    if (kind === 'put') yield { method: 'PUT', path, contentType: json, body: whole() }
    else if (kind === 'apply-patch+yaml')
      yield { method: 'PATCH', path: `${path}&force=true`, contentType: `application/${kind}`, body: whole() }
    else yield { method: 'PATCH', path, contentType: `application/${kind}`, body: object(changes()) }
  }
}
