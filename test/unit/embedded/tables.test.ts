import { describe, expect, it } from 'vitest'
import type { ContainerStatus, Pod, PodStatus } from '../../../src/embedded/shapes.ts'
import { podState } from '../../../src/embedded/tables/pod-state.ts'

const NOW = Date.UTC(2026, 0, 1)
const container = (
  state: ContainerStatus['state'],
  changes: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name: 'main',
  ready: false,
  restartCount: 0,
  ...(state === undefined ? {} : { state }),
  ...changes,
})
const pod = (status: PodStatus, spec: object = {}, metadata: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', ...metadata },
  spec: { containers: [{ name: 'main' }], ...spec },
  status,
})
const shown = (given: Pod) => Object.values(podState(given, NOW)).join(' ')
const running = container({ running: {} }, { ready: true })

describe('how kubectl shows a pod', () => {
  it.each([
    ['waits for a node', pod({ phase: 'Pending' }), '0/1 Pending 0'],
    ['runs', pod({ phase: 'Running', containerStatuses: [running] }), '1/1 Running 0'],
    [
      'runs and is not ready',
      pod({ phase: 'Running', containerStatuses: [{ ...running, ready: false }] }),
      '0/1 Running 0',
    ],
    [
      'cannot get its image',
      pod({ phase: 'Pending', containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff' } })] }),
      '0/1 ImagePullBackOff 0',
    ],
    [
      'crashes',
      pod({
        phase: 'Running',
        containerStatuses: [
          container(
            { waiting: { reason: 'CrashLoopBackOff' } },
            {
              restartCount: 3,
              lastState: { terminated: { exitCode: 1, finishedAt: '2025-12-31T23:59:30Z' } },
            },
          ),
        ],
      }),
      '0/1 CrashLoopBackOff 3 (30s ago)',
    ],
    [
      'is done',
      pod({
        phase: 'Succeeded',
        containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })],
      }),
      '0/1 Completed 0',
    ],
    [
      'was killed without a reason',
      pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] }),
      '0/1 Signal:9 0',
    ],
    [
      'prepares itself',
      pod(
        { phase: 'Pending', initContainerStatuses: [container({ running: {} }, { name: 'init' })] },
        { initContainers: [{ name: 'init' }] },
      ),
      '0/1 Init:0/1 0',
    ],
    [
      'cannot prepare itself',
      pod(
        {
          phase: 'Pending',
          initContainerStatuses: [
            container({ terminated: { exitCode: 2, reason: 'Error' } }, { name: 'init' }),
          ],
        },
        { initContainers: [{ name: 'init' }] },
      ),
      '0/1 Init:Error 0',
    ],
    [
      'goes',
      pod(
        { phase: 'Running', containerStatuses: [running] },
        {},
        { deletionTimestamp: '2026-01-01T00:00:30Z' },
      ),
      '1/1 Terminating 0',
    ],
  ])('that %s', (_, given, text) => {
    expect(shown(given)).toBe(text)
  })
})
