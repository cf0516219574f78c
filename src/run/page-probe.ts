import type { ExecResult } from '../ports.ts'
import type { PodFacts, StatefulSetFacts } from '../timeline/facts.ts'
import type { Reading } from '../timeline/observation.ts'
import type { ClusterState } from '../timeline/state.ts'
import type { ProbePod } from './probe-pod.ts'
import type { Session } from './session.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 1_000
/** Nodes learn of the endpoints of a service a moment after the API server does. */
const PATIENCE_MS = 6_000
const ANSWER_TIMEOUT_S = 3
const EXEC_TIMEOUT_MS = 60_000
const LONGEST_PAGE = 2_048
/** A service is asked so often for each pod behind it: whom it hands a request to is chance. */
const ASKS_PER_POD = 2
const MOST_ASKS = 8

/**
 * Each line that starts with the boundary says how an asking ended; what came follows it. A clock of our own, since wget -T
 * of some busybox builds (Debian 12) crashes, and the options of `timeout` differ between versions.
 */
const ASK = `b=$1 t=$2; shift 2
get() {
  if command -v wget >/dev/null 2>&1; then wget -q -O - "$1" 2>&1 & p=$!
  elif command -v curl >/dev/null 2>&1; then curl -sS -f "$1" 2>&1 & p=$!
  else exit 127; fi
  (sleep "$t"; kill "$p") >/dev/null 2>&1 & k=$!
  wait "$p"; c=$?
  kill "$k" 2>/dev/null
  [ $c = 143 ] && echo "no answer within $t s"
  exit $c
}
for u; do
  page=$(get "$u"); code=$?
  printf '%s %s\\n' "$b" "$code"
  printf '%s' "$page" | head -c ${LONGEST_PAGE}
  printf '\\n'
done
printf '%s end\\n' "$b"`

export interface PageProbe {
  /**
   * Asks each service that has an address, on each of its ports, and each of these pods, on the ports of the set's service,
   * for a page; again until all have answered or a while has passed. Appends 'page' readings. Never judges.
   */
  ask(pods: readonly PodFacts[], set: StatefulSetFacts | null): Promise<void>
}

type PageReading = Extract<Reading, { read: 'page' }>
type Question = Pick<PageReading, 'of' | 'name' | 'port' | 'asked'> & { readonly ip: string }

export function createPageProbe(session: Session, pod: ProbePod): PageProbe {
  const { timeline, clock, state, signal } = session
  const note = (reading: Reading) => timeline.append({ stream: 'run', type: 'reading', reading })
  return {
    async ask(pods, set) {
      const questions = [...ofServices(state), ...ofPods(state, pods, set)]
      if (questions.length === 0) return
      const started = await pod.start()
      if (!started.ok) {
        note({ read: 'page-unavailable', reason: started.reason })
        return
      }
      const deadlineMs = clock.monotonicMs() + PATIENCE_MS
      let pauseMs = FIRST_PAUSE_MS
      for (;;) {
        const answers = await request(session, started.pod, questions)
        if (typeof answers === 'string') {
          note({ read: 'page-unavailable', reason: answers })
          return
        }
        const silent = answers.find(({ asked, pages }) => pages < asked)
        if (silent === undefined || signal.aborted || clock.monotonicMs() > deadlineMs) {
          for (const answer of answers) note(answer)
          return
        }
        session.tell(`${silent.of} ${silent.name} to answer on port ${silent.port}`)
        // Pages cannot be watched: as with names, there is no other way than to ask again.
        await clock.sleep(pauseMs, signal).catch(() => undefined)
        pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)
      }
    },
  }
}

function ofServices({ services, endpoints }: ClusterState): Question[] {
  return [...services.values()].flatMap(({ name, clusterIP, headless, ports }) => {
    if (headless || clusterIP === null) return []
    const behind = endpoints.get(name)?.ready.length ?? 0
    const asked = Math.min(MOST_ASKS, ASKS_PER_POD * Math.max(1, behind))
    return ports.map(({ port }) => ({ of: 'service' as const, name, ip: clusterIP, port, asked }))
  })
}

function ofPods(state: ClusterState, pods: readonly PodFacts[], set: StatefulSetFacts | null): Question[] {
  const ports = state.services.get(set?.serviceName ?? '')?.ports ?? []
  return pods.flatMap(({ name, ips: [ip] }) =>
    ip === undefined
      ? []
      : (ports.length === 0 ? [{ port: 80 }] : ports).map(({ port }) => ({
          of: 'pod' as const,
          name,
          ip,
          port,
          asked: 1,
        })),
  )
}

/** One round. @returns why nobody could ask. */
async function request(
  { cluster, namespace, signal, runId }: Session,
  pod: string,
  questions: readonly Question[],
): Promise<PageReading[] | string> {
  const boundary = `--${runId}--`
  const urls = questions.flatMap(({ ip, port, asked }) =>
    Array.from({ length: asked }, () => `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}/`),
  )
  let result: ExecResult
  try {
    result = await cluster.exec({
      namespace,
      pod,
      container: 'probe',
      command: ['sh', '-c', ASK, 'sts-lab', boundary, String(ANSWER_TIMEOUT_S), ...urls],
      timeoutMs: EXEC_TIMEOUT_MS,
      maxBytes: 256 * 1024,
      signal,
    })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const answers = parsePages(result.stdout.toString('utf8'), boundary)
  if (answers.length !== urls.length) return 'the probe printed no answer'
  if (answers.some(({ code }) => code === '127')) return 'the probe image has neither wget nor curl'
  return questions.map(({ ip: _, ...question }) => {
    const own = answers.splice(0, question.asked)
    const shown = own.find(({ code }) => code !== '0') ?? own[0]
    return {
      read: 'page',
      ...question,
      from: pod,
      pages: own.filter(({ code }) => code === '0').length,
      text: shown?.text ?? '',
    }
  })
}

/** What the probe printed, asking by asking: its exit code, and the page or the complaint. */
export function parsePages(output: string, boundary: string): { code: string; text: string }[] {
  const answers: { code: string; text: string }[] = []
  for (const line of output.split('\n')) {
    if (line === `${boundary} end`) return answers
    const last = answers.at(-1)
    if (line.startsWith(`${boundary} `)) answers.push({ code: line.slice(boundary.length + 1), text: '' })
    else if (last !== undefined) last.text += last.text === '' ? line : `\n${line}`
  }
  return []
}
