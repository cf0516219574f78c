/** What is done to a cluster, one step after the other, and what is waited for after each. */
export interface OrderStep {
  readonly name: string
  readonly act:
    | { readonly do: 'create'; readonly set: object }
    | { readonly do: 'scale'; readonly replicas: number }
    | { readonly do: 'image'; readonly image: string }
    | { readonly do: 'strategy'; readonly updateStrategy: object }
    | { readonly do: 'delete'; readonly resource: 'pods' | 'statefulsets'; readonly name: string }
  /** So many pods, all ready, and all of the newest revision unless they are `mixed`; for a while where none come. */
  readonly until: { readonly pods: number; readonly mixed?: boolean } | 'a while'
}

/** What a step made the watch streams of pods and claims say, each in its order, and what was said in events. */
export interface OrderFacts {
  readonly pods: readonly string[]
  readonly claims: readonly string[]
  /** Sorted, counted. */
  readonly events: readonly string[]
  readonly status: Readonly<Record<string, unknown>>
}

export type OrderRecording = Readonly<Record<string, Readonly<Record<string, OrderFacts>>>>

const GOOD = 'busybox:1.28'
const BETTER = 'busybox:1.36'
const BAD = 'busybox:not-there'

const set = (podManagementPolicy: string, image = GOOD) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    replicas: 3,
    podManagementPolicy,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'main',
            image,
            command: ['sleep', '100000'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data', labels: { of: 'template' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
      },
    ],
  },
})

const scale = (replicas: number): OrderStep => ({
  name: `scale to ${replicas}`,
  act: { do: 'scale', replicas },
  until: { pods: replicas },
})

const strategy = (name: string, updateStrategy: object, until: OrderStep['until']): OrderStep => ({
  name,
  act: { do: 'strategy', updateStrategy },
  until,
})
const partition = (at: number) => ({ type: 'RollingUpdate', rollingUpdate: { partition: at } })
const mixed = { pods: 3, mixed: true }
const remove = (name: string): OrderStep => ({
  name: `delete ${name}`,
  act: { do: 'delete', resource: 'pods', name },
  until: mixed,
})

export const ORDERS: Readonly<Record<string, readonly OrderStep[]>> = {
  'an ordered set': [
    { name: 'create three', act: { do: 'create', set: set('OrderedReady') }, until: { pods: 3 } },
    scale(5),
    scale(2),
    scale(4),
    { name: 'delete one', act: { do: 'delete', resource: 'pods', name: 'web-1' }, until: { pods: 4 } },
    { name: 'new image', act: { do: 'image', image: BETTER }, until: { pods: 4 } },
    { name: 'old image', act: { do: 'image', image: GOOD }, until: { pods: 4 } },
    { name: 'delete set', act: { do: 'delete', resource: 'statefulsets', name: 'web' }, until: { pods: 0 } },
  ],
  'a parallel set': [
    { name: 'create three', act: { do: 'create', set: set('Parallel') }, until: { pods: 3 } },
    scale(5),
    scale(0),
  ],
  'a set with a bad image': [
    {
      name: 'create three',
      act: { do: 'create', set: set('OrderedReady', BAD) },
      until: 'a while',
    },
    { name: 'good image', act: { do: 'image', image: GOOD }, until: 'a while' },
    {
      name: 'delete the stuck one',
      act: { do: 'delete', resource: 'pods', name: 'web-0' },
      until: { pods: 3 },
    },
    scale(0),
  ],
  'a set with a partition': [
    { name: 'create three', act: { do: 'create', set: set('OrderedReady') }, until: { pods: 3 } },
    strategy('partition 2', partition(2), { pods: 3 }),
    { name: 'new image', act: { do: 'image', image: BETTER }, until: mixed },
    remove('web-0'),
    remove('web-2'),
    strategy('partition 0', partition(0), { pods: 3 }),
  ],
  'a set that is updated on delete': [
    { name: 'create three', act: { do: 'create', set: set('OrderedReady') }, until: { pods: 3 } },
    strategy('on delete', { type: 'OnDelete', rollingUpdate: null }, { pods: 3 }),
    { name: 'new image', act: { do: 'image', image: BETTER }, until: mixed },
    remove('web-1'),
    { name: 'scale to 4', act: { do: 'scale', replicas: 4 }, until: { pods: 4, mixed: true } },
  ],
}

interface Watched {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly deletionTimestamp?: string }
  readonly spec?: { readonly nodeName?: string }
  readonly status?: {
    readonly phase?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
}

/** Facts of one object's life, each told once. */
export class Facts {
  readonly #told = new Set<string>()
  #facts: string[] = []

  see(type: string, object: unknown): void {
    const { metadata, spec, status } = object as Watched
    const say = (what: string, holds: boolean) => {
      const key = `${metadata.uid} ${what}`
      if (!holds || this.#told.has(key)) return
      this.#told.add(key)
      this.#facts.push(`${metadata.name} ${what}`)
    }
    say('added', true)
    say('scheduled', (spec?.nodeName ?? '') !== '')
    say('bound', status?.phase === 'Bound')
    const ready = (status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True')
    say('ready', ready && metadata.deletionTimestamp === undefined)
    say('terminating', metadata.deletionTimestamp !== undefined)
    say('gone', type === 'DELETED')
  }

  /** Since the last call. */
  take(): readonly string[] {
    const taken = this.#facts
    this.#facts = []
    return taken
  }
}
