import { Api } from '../../../../src/embedded/api/api.ts'
import { Client } from '../../../../src/embedded/client.ts'
import { heldClock } from '../../../../src/embedded/clock.ts'
import { startNode } from '../../../../src/embedded/node/start.ts'
import { type ApiObject, textAt } from '../../../../src/embedded/object.ts'
import type { ExecEnd } from '../../../../src/embedded/pod-runtime.ts'
import { kindOf } from '../../../../src/embedded/registry/index.ts'
import type { ContainerStatus, Pod } from '../../../../src/embedded/shapes.ts'

/** A node and the API, without controllers: pods are bound at once. */
export function aPodCluster() {
  const clock = heldClock()
  const api = new Api(clock)
  for (const name of ['here', 'default'])
    api.create(kindOf('namespaces'), undefined, { metadata: { name } }, { manager: 'test' })
  const client = new Client(api, 'test')
  const node = startNode(api, { name: 'node' })
  const pod = (name: string) => client.get<Pod>('pods', 'here', name)
  const seconds = (count: number) => clock.advance(count * 1000)
  return {
    clock,
    client,
    node,
    pod,
    seconds,
    /** Creates it, binds it, and lets two seconds pass. */
    run(name: string, spec: object, metadata: object = {}): void {
      const created = client.create<Pod>('pods', {
        metadata: { name, namespace: 'here', ...metadata },
        spec,
      } as Partial<ApiObject>)
      client.bind(created, 'node')
      seconds(2)
    },
    container: (name: string, index = 0): ContainerStatus => {
      const found = pod(name)?.status?.containerStatuses?.[index]
      if (found === undefined) throw new Error(`no status of ${name}`)
      return found
    },
    remove: (name: string, gracePeriodSeconds?: number) => {
      const found = pod(name)
      if (found !== null)
        client.remove('pods', found, gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds })
    },
    events: (name: string): readonly string[] =>
      client
        .list<ApiObject>('events', { namespace: 'here' })
        .filter((event) => textAt(event, 'involvedObject', 'name') === name)
        // A list goes by name, and the end of an event's name is made up.
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`),
    /** Runs a command in a pod's first container while the clock moves. */
    async exec(
      name: string,
      ...command: string[]
    ): Promise<{ readonly out: string; readonly err: string; readonly end: ExecEnd }> {
      const found = pod(name)
      if (found === null) throw new Error(`no pod ${name}`)
      let out = ''
      let err = ''
      const running = node.runtime.exec(
        { pod: found, container: found.spec.containers[0]?.name ?? '', command, tty: false },
        {
          stdin: null,
          stdout: async (chunk) => {
            out += chunk.toString()
          },
          stderr: async (chunk) => {
            err += chunk.toString()
          },
          signal: new AbortController().signal,
          onResize: () => undefined,
        },
      )
      clock.advance(20_000)
      return { end: await running, out, err }
    },
    async logs(
      name: string,
      options: {
        readonly previous?: boolean
        readonly tailLines?: number
        readonly timestamps?: boolean
        readonly container?: string
      } = {},
    ): Promise<string> {
      const found = pod(name)
      if (found === null) throw new Error(`no pod ${name}`)
      let text = ''
      for await (const chunk of node.runtime.logs({
        pod: found,
        container: options.container ?? found.spec.containers[0]?.name ?? '',
        follow: false,
        previous: options.previous ?? false,
        timestamps: options.timestamps ?? false,
        tailLines: options.tailLines ?? null,
        sinceMs: null,
        limitBytes: null,
        signal: new AbortController().signal,
      }))
        text += chunk.toString()
      return text
    },
  }
}

export const shell = (script: string, more: object = {}) => ({
  name: 'main',
  image: 'busybox:1.36',
  command: ['sh', '-c', script],
  ...more,
})
export const SLEEPER = shell("trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done")
