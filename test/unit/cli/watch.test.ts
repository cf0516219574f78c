import { describe, expect, it, vi } from 'vitest'
import { watch } from '../../../src/cli/commands/watch.ts'
import type { Services } from '../../../src/cli/services.ts'
import { interruptedError, LabError } from '../../../src/errors.ts'
import { systemClock } from '../../../src/host/clock.ts'
import type { Cluster } from '../../../src/ports.ts'
import type { Timeline } from '../../../src/timeline/timeline.ts'
import { aTerminal } from '../report/fake-terminal.ts'
import { aPod } from '../report/recordings.ts'

const options = {
  namespace: 'statefulset-lab',
  context: undefined,
  kubeconfig: undefined,
  allowAnyCluster: false,
}

const unwanted = (): never => {
  throw new Error('watch has no use for this')
}

/** Services whose cluster does only what watch may ask of it: record and close. */
function someServices(record: (timeline: Timeline) => void, lostForMs: () => number = () => 0) {
  const interrupt = new AbortController()
  const { terminal, stderr, stdout } = aTerminal()
  const stop = vi.fn(async () => {})
  const close = vi.fn()
  const cluster: Pick<Cluster, 'record' | 'close'> = {
    record: async ({ timeline }) => {
      record(timeline)
      return { lostForMs, confirm: async () => true, stop }
    },
    close,
  }
  const services: Services = {
    version: '0.0.0',
    terminal,
    clock: systemClock,
    env: {},
    signal: interrupt.signal,
    labsDir: '/none',
    manifestsDir: '/none',
    dataDir: '/none',
    self: { host: 'here', pid: 1, birth: '', isAlive: () => true },
    files: { read: unwanted, write: unwanted },
    studentFiles: { create: unwanted, replace: unwanted, watch: () => false },
    parseManifest: unwanted,
    practice: { kubeconfig: '', log: '', state: unwanted, up: unwanted, down: unwanted },
    // Anything else that were called would throw: there is no such method.
    openCluster: async () => cluster as Cluster,
  }
  return { services, interrupt, stop, close, stderr, stdout }
}

const pod = (timeline: Timeline, type: 'listed' | 'added', name: string): void => {
  timeline.append({ stream: 'pods', type, object: aPod({ name, ready: type === 'listed' }) })
}

describe('watch', () => {
  it('shows what is there and what happens, and ends well on Ctrl-C', async () => {
    let recorded: Timeline | null = null
    const { services, interrupt, stop, close, stderr, stdout } = someServices((timeline) => {
      recorded = timeline
      pod(timeline, 'listed', 'web-0')
      setImmediate(() => {
        pod(timeline, 'added', 'web-1')
        interrupt.abort(interruptedError())
      })
    })
    expect(await watch(options, services)).toBe(0)
    expect(recorded).not.toBeNull()
    expect(stderr()).toContain('pod/web-0 is there, ready')
    expect(stderr()).toContain('pod/web-1 added')
    expect(stdout()).toBe('')
    expect(stop).toHaveBeenCalledOnce()
    expect(close).toHaveBeenCalledOnce()
  })

  it('says that the API server is silent', async () => {
    const { services, interrupt, stderr } = someServices(
      () => setImmediate(() => interrupt.abort(interruptedError())),
      () => 5000,
    )
    await watch(options, services)
    expect(stderr()).toContain('the API server does not answer')
  })

  it('closes the cluster and passes the error on when the namespace cannot be read', async () => {
    const forbidden = new LabError('undecided', 'forbidden', 'may not list pods')
    const { services, close } = someServices(() => {
      throw forbidden
    })
    await expect(watch(options, services)).rejects.toBe(forbidden)
    expect(close).toHaveBeenCalledOnce()
  })
})
