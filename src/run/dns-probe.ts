import { isIP } from 'node:net'
import { whyNoRecords } from '../criteria/no-records.ts'
import type { ExecResult } from '../ports.ts'
import type { PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import type { Reading } from '../timeline/observation.ts'
import { printable } from '../timeline/printable.ts'
import { isReady, podsOf, setWithUid } from '../timeline/state.ts'
import { type AskedInVain, createDnsPatience } from './dns-patience.ts'
import type { ProbePod } from './probe-pod.ts'
import type { Session } from './session.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000
const EXEC_TIMEOUT_MS = 40_000

/**
 * Asks for every name given, with the resolver's full-name form (a trailing dot: no search domains). Lines that
 * start with the boundary frame the answers. The tools' exit codes are no use: busybox 1.35 prints the right
 * answer and exits 1 when there is no AAAA record.
 */
const ASK = `b=$1; shift
for n; do
  printf '%s ask %s\\n' "$b" "$n"
  if command -v nslookup >/dev/null 2>&1; then nslookup "$n." 2>&1
  elif command -v getent >/dev/null 2>&1; then getent ahosts "$n." 2>&1 || echo NXDOMAIN
  else printf '%s no-tool\\n' "$b"; fi
done
printf '%s end\\n' "$b"`

export interface DnsProbe {
  /** Starts the probe pod, unless it runs. */
  ready(): Promise<void>
  /**
   * Asks for each pod's own name and for the service name, again until every answer is what the pod stream says, or
   * the deadline has passed, or it is clear that no such answer can come; appends 'dns' readings. Never judges.
   */
  ask(pods: readonly PodFacts[], set: StatefulSetFacts): Promise<void>
  /** Removes the probe pod. */
  dispose(signal: AbortSignal): Promise<void>
}

type Started =
  | { readonly ok: true; readonly pod: string; readonly domain: string }
  | { readonly ok: false; readonly reason: string }

export function createDnsProbe(session: Session, pod: ProbePod): DnsProbe {
  /** A pod's search list does not change while it runs. */
  const domains = new Map<string, Promise<Started>>()
  const start = async (): Promise<Started> => {
    const started = await pod.start()
    if (!started.ok) return { ok: false, reason: `no pod could ask the cluster's DNS: ${started.reason}` }
    const known = domains.get(started.pod) ?? readDomain(session, started.pod)
    domains.set(started.pod, known)
    return known
  }
  return {
    async ready() {
      await start()
    },
    dispose: (signal) => pod.dispose(signal),
    async ask(pods, set) {
      const { timeline, clock, state, signal } = session
      const started = await start()
      if (!started.ok) {
        timeline.append({
          stream: 'run',
          type: 'reading',
          reading: { read: 'dns-unavailable', reason: started.reason },
        })
        return
      }
      const patience = createDnsPatience(clock, session.pace)
      const service = `${set.serviceName}.${set.namespace}.svc.${started.domain}`
      const questions: Question[] =
        set.serviceName === ''
          ? []
          : [
              ...pods.map((pod) => ({ name: `${pod.name}.${service}`, pod: pod.name })),
              { name: service, pod: null },
            ]
      if (questions.length === 0) {
        const reason = `StatefulSet ${set.name} names no service (spec.serviceName is empty), so its pods have no names in DNS`
        timeline.append({ stream: 'run', type: 'reading', reading: { read: 'dns-unavailable', reason } })
        return
      }
      let pauseMs = FIRST_PAUSE_MS
      for (;;) {
        const answers = await lookUp(session, started.pod, questions)
        const readings = answers.map((answer): DnsReading => {
          const pod = answer.pod === null ? null : (state.pods.get(answer.pod) ?? null)
          const expected =
            answer.pod === null
              ? podsOf(state, set.uid)
                  .filter(isReady)
                  .flatMap((ready) => ready.ips)
              : (pod?.ips ?? [])
          return {
            read: 'dns',
            ...answer,
            podUid: pod?.uid ?? null,
            from: started.pod,
            expected,
            final: false,
          }
        })
        const right = readings.every((reading) => isExpected(reading, state.pods, set.uid))
        if (right || signal.aborted || patience.isOver(inVain(session, set, readings))) {
          for (const reading of readings)
            timeline.append({ stream: 'run', type: 'reading', reading: { ...reading, final: true } })
          return
        }
        if (pauseMs === FIRST_PAUSE_MS)
          for (const reading of readings) timeline.append({ stream: 'run', type: 'reading', reading })
        const wrong = readings.find((reading) => !isExpected(reading, state.pods, set.uid))
        session.tell(`the cluster's DNS to know ${wrong?.name ?? service}`)
        // DNS cannot be watched: this is the one place that asks again and again.
        await session.meter.cluster(() => clock.sleep(pauseMs, signal).catch(() => undefined))
        pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)
      }
    },
  }
}

/** What there is to know about answers that are not as they should be. */
function inVain(
  { state, recording }: Session,
  set: StatefulSetFacts,
  readings: readonly DnsReading[],
): AskedInVain {
  const now = setWithUid(state, set.uid) ?? set
  const service = state.services.get(now.serviceName)
  const hopeless = whyNoRecords(state, now)
  return {
    hopeless,
    version: JSON.stringify([service?.uid, service?.selector, hopeless]),
    conclusive: recording.lostForMs() === 0 && readings.every(({ status }) => status !== 'failed'),
  }
}

interface Question {
  readonly name: string
  readonly pod: string | null
}
type DnsReading = Extract<Reading, { read: 'dns' }>
type Answer = Question & Pick<DnsReading, 'status' | 'addresses' | 'text'>

async function readDomain({ cluster, namespace, signal }: Session, pod: string): Promise<Started> {
  try {
    const resolv = await cluster.exec({
      namespace,
      pod,
      container: 'probe',
      command: ['cat', '/etc/resolv.conf'],
      timeoutMs: 10_000,
      maxBytes: 8_192,
      signal,
    })
    const domain = clusterDomain(resolv.stdout.toString('utf8'), namespace)
    return domain === null
      ? { ok: false, reason: `the probe pod's resolv.conf has no "${namespace}.svc.…" search domain` }
      : { ok: true, pod, domain }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { ok: false, reason: `no pod could ask the cluster's DNS: ${why}` }
  }
}

/** The cluster's domain from a pod's resolv.conf: what follows "<namespace>.svc." in its search list. */
export function clusterDomain(resolvConf: string, namespace: string): string | null {
  const prefix = `${namespace}.svc.`
  for (const line of resolvConf.split('\n')) {
    const [keyword, ...domains] = line.trim().split(/\s+/)
    if (keyword !== 'search') continue
    const own = domains.find((domain) => domain.startsWith(prefix))
    if (own !== undefined) return own.slice(prefix.length).replace(/\.$/, '')
  }
  return null
}

async function lookUp(session: Session, pod: string, questions: readonly Question[]): Promise<Answer[]> {
  const { cluster, namespace, signal, runId } = session
  const boundary = `--${runId}--`
  let result: ExecResult
  try {
    result = await cluster.exec({
      namespace,
      pod,
      container: 'probe',
      command: ['sh', '-c', ASK, 'sts-lab', boundary, ...questions.map((question) => question.name)],
      timeoutMs: EXEC_TIMEOUT_MS,
      maxBytes: 256 * 1024,
      signal,
    })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return questions.map((question) => ({ ...question, status: 'failed', addresses: [], text }))
  }
  const texts = splitAnswers(result.stdout.toString('utf8'), boundary)
  return questions.map((question) => ({ ...question, ...parseAnswer(texts.get(question.name) ?? null) }))
}

function splitAnswers(output: string, boundary: string): Map<string, string> {
  const answers = new Map<string, string>()
  let current: string | null = null
  for (const line of output.split('\n')) {
    if (line.startsWith(`${boundary} ask `)) {
      current = line.slice(boundary.length + 5)
      answers.set(current, '')
    } else if (line.startsWith(`${boundary} end`)) current = null
    else if (current !== null) answers.set(current, `${answers.get(current) ?? ''}${line}\n`)
  }
  return answers
}

/** Reads what nslookup (busybox old and new, bind) or getent printed. */
export function parseAnswer(text: string | null): Pick<DnsReading, 'status' | 'addresses' | 'text'> {
  if (text === null) return { status: 'failed', addresses: [], text: 'the probe printed no answer' }
  const addresses = new Set<string>()
  // The first block of nslookup names the server that answered; addresses of the name follow its "Name:" line.
  let named = !/^Server:/m.test(text)
  for (const line of text.split('\n')) {
    if (line.startsWith('Name:')) named = true
    if (!named) continue
    const address = /^(?:Address(?:es)?(?: \d+)?:\s*)?([0-9a-fA-F:.]+)(?:\s|$)/.exec(line)?.[1]
    if (address !== undefined && isIP(address) !== 0) addresses.add(address)
  }
  const shown = printable(text.trim(), 400)
  if (addresses.size > 0) return { status: 'answered', addresses: [...addresses], text: shown }
  const absent =
    /NXDOMAIN|can't resolve|No answer/i.test(text) &&
    !/timed out|SERVFAIL|REFUSED|no servers|try again/i.test(text)
  return { status: absent ? 'none' : 'failed', addresses: [], text: shown }
}

function isExpected(reading: DnsReading, pods: ReadonlyMap<string, PodFacts>, setUid: string): boolean {
  if (reading.status !== 'answered') return false
  if (!reading.addresses.every((address) => reading.expected.includes(address))) return false
  if (reading.pod !== null) return reading.addresses.length > 0
  const ready = [...pods.values()].filter((pod) => pod.controller?.uid === setUid && isReady(pod))
  return ready.every((pod) => pod.ips.some((ip) => reading.addresses.includes(ip)))
}
