import type { KubeObject } from '../ports.ts'
import { printable } from '../timeline/printable.ts'
import { awaitState } from './await-state.ts'
import { waitForCluster } from './cluster-time.ts'
import { MANAGED_LABELS, RUN_LABEL, type Session } from './session.ts'

/** How long a helper pod may take to start: an image may have to be pulled. */
const START_TIMEOUT_MS = 60_000
/** Of the cluster's time. */
const IMAGE_PATIENCE_MS = 8_000
/** The kubelet ends a forgotten helper pod after this long, whatever became of us. */
const LIFETIME_S = 900

export interface HelperPodSpec {
  readonly name: string
  readonly node?: string
  /** Claims to mount, at /claims/0, /claims/1 … */
  readonly claims?: readonly string[]
  /** As the strictest pod security profile demands: no root. The claim reader needs root to read any file. */
  readonly restricted: boolean
}

/** A pod that does nothing but wait to be exec'd into, and ends at once when told to. */
function helperPod(session: Session, spec: HelperPodSpec): KubeObject {
  const claims = spec.claims ?? []
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: spec.name,
      namespace: session.namespace,
      labels: { ...MANAGED_LABELS, [RUN_LABEL]: session.runId },
    },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 2,
      activeDeadlineSeconds: LIFETIME_S,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(spec.node === undefined ? {} : { nodeName: spec.node }),
      tolerations: [{ operator: 'Exists' }],
      securityContext: spec.restricted
        ? {
            runAsNonRoot: true,
            runAsUser: 65534,
            runAsGroup: 65534,
            seccompProfile: { type: 'RuntimeDefault' },
          }
        : {},
      containers: [
        {
          name: 'probe',
          image: session.probeImage,
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', `trap 'exit 0' TERM; sleep ${LIFETIME_S} & wait`],
          // A quota on requests or limits refuses pods that name none.
          resources: {
            requests: { cpu: '10m', memory: '16Mi' },
            limits: { cpu: '200m', memory: '64Mi' },
          },
          securityContext: spec.restricted
            ? { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
            : { runAsUser: 0 },
          volumeMounts: claims.map((_, index) => ({ name: `claim-${index}`, mountPath: `/claims/${index}` })),
        },
      ],
      volumes: claims.map((claim, index) => ({
        name: `claim-${index}`,
        persistentVolumeClaim: { claimName: claim },
      })),
    },
  }
}

/**
 * Creates a helper pod and waits until it runs.
 *
 * @returns null when it runs, else why it could not.
 */
export async function startHelperPod(session: Session, spec: HelperPodSpec): Promise<string | null> {
  const { cluster, clock, timeline, state, recording, signal, pace } = session
  const imagePatienceMs = waitForCluster(IMAGE_PATIENCE_MS, pace)
  await cluster.create(helperPod(session, spec), signal)
  let imageTroubleSinceMs: number | null = null
  const awaited = await awaitState(timeline, clock, {
    state,
    timeoutMs: START_TIMEOUT_MS,
    signal,
    recording,
    judge: () => {
      const pod = state.pods.get(spec.name)
      if (pod === undefined) return { done: false, reason: `${spec.name} is being created` }
      const container = pod.containers[0]
      if (container?.state === 'running') return { done: true }
      const reason = `${spec.name} is starting`
      if (container?.state === 'terminated' || pod.phase === 'Failed')
        return {
          done: false,
          reason,
          hopeless: `pod ${spec.name} ended at once: does image "${session.probeImage}" have sh and sleep?`,
        }
      if (container?.reason?.includes('Image')) {
        imageTroubleSinceMs ??= clock.monotonicMs()
        if (clock.monotonicMs() - imageTroubleSinceMs > imagePatienceMs)
          return {
            done: false,
            reason,
            hopeless: `image "${session.probeImage}" of pod ${spec.name} cannot be pulled (${container.reason}); name one that the cluster has with --probe-image`,
          }
      } else if (container?.reason?.endsWith('Error'))
        return {
          done: false,
          reason,
          hopeless: `pod ${spec.name} cannot start: ${container.reason} ${printable(container.message ?? '', 200)}`,
        }
      return { done: false, reason }
    },
  })
  return awaited.outcome === 'reached' ? null : awaited.reason
}

/** Deletes a helper pod; with `wait`, returns only when it is gone, so that the claims it mounted are free again. */
export async function removeHelperPod(
  session: Session,
  name: string,
  signal: AbortSignal,
  wait: boolean,
): Promise<void> {
  const { cluster, clock, timeline, state, recording, namespace } = session
  const removed = await cluster.remove(
    { apiVersion: 'v1', kind: 'Pod', namespace, name },
    { gracePeriodSeconds: 2, signal },
  )
  if (!wait || removed === 'absent') return
  await awaitState(timeline, clock, {
    state,
    timeoutMs: 30_000,
    signal,
    recording,
    judge: () =>
      state.pods.has(name) ? { done: false, reason: `${name} is being removed` } : { done: true },
  })
}
