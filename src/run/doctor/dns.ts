import type { Clock, Cluster } from '../../ports.ts'
import { printable } from '../../timeline/printable.ts'
import { clusterDomain, parseAnswer } from '../dns-probe.ts'
import { removeHelperPod, startHelperPod } from '../helper-pod.ts'
import { openSession } from '../session.ts'
import { type Finding, finding } from './finding.ts'

/** Does the cluster's DNS answer inside a pod? Runs one for a moment. */
export async function dnsFinding(
  options: { readonly namespace: string; readonly probeImage: string },
  dependencies: {
    readonly cluster: Cluster
    readonly clock: Clock
    readonly runId: string
    readonly signal: AbortSignal
    readonly tell: (reason: string | null) => void
  },
): Promise<Finding[]> {
  const { cluster, clock, runId, signal, tell } = dependencies
  const { namespace, probeImage } = options
  const title = 'Cluster DNS'
  const session = await openSession({
    cluster,
    clock,
    namespace,
    runId,
    probeImage,
    signal,
    tell,
    streams: ['pods'],
    recordsOn: true,
  })
  const name = `sts-lab-doctor-${runId}`
  try {
    const failure = await startHelperPod(session, { name, restricted: true })
    if (failure !== null)
      return [
        finding('dns', title, 'problem', failure, `try another image: sts-lab doctor --probe-image IMAGE`),
      ]
    const startedMs = clock.monotonicMs()
    const answer = await cluster.exec({
      namespace,
      pod: name,
      container: 'probe',
      command: [
        'sh',
        '-c',
        'cat /etc/resolv.conf; echo ---; domain=$(sed -n "s/^search [^ ]*\\.svc\\.\\([^ ]*\\).*/\\1/p" /etc/resolv.conf); nslookup "kubernetes.default.svc.$domain." 2>&1',
      ],
      timeoutMs: 20_000,
      maxBytes: 16_384,
      signal,
    })
    const tookMs = Math.round(clock.monotonicMs() - startedMs)
    const [resolv = '', reply = ''] = answer.stdout.toString('utf8').split('---\n')
    const domain = clusterDomain(resolv, namespace)
    const parsed = parseAnswer(reply)
    return [
      parsed.status === 'answered'
        ? finding(
            'dns',
            title,
            'ok',
            `answers inside a pod (${tookMs} ms), domain ${domain ?? 'unknown'}`,
            null,
          )
        : finding(
            'dns',
            title,
            'problem',
            `kubernetes.default does not resolve inside a pod: ${printable(parsed.text, 200)}`,
            'look at: kubectl -n kube-system get pods -l k8s-app=kube-dns',
          ),
    ]
  } catch (error) {
    return [
      finding(
        'dns',
        title,
        'unknown',
        `could not ask: ${error instanceof Error ? error.message : String(error)}`,
        null,
      ),
    ]
  } finally {
    await removeHelperPod(session, name, AbortSignal.timeout(15_000), false).catch(() => undefined) // it ends by itself
    await session.recording.stop()
  }
}
