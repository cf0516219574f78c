import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { Agent, type RequestOptions, request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'

const SETS = 100
const REPLICAS = 10
const LIMIT_MS = 180_000

interface Watched {
  readonly events: number
  readonly ready: ReadonlySet<string>
}

/**
 * The practice cluster as a user has it: its own process, HTTPS, containers that run, everything written to its
 * journal. A hundred StatefulSets of ten pods with claims come up, seen by one watch, while the API is asked for its
 * readiness twenty times a second. Times are the wall's.
 *
 * @throws Error when they are not all ready within three minutes
 */
export async function embeddedWhole(): Promise<object> {
  const home = mkdtempSync(path.join(tmpdir(), 'sts-lab-bench-'))
  const cli = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['bin/sts-lab.js', ...args], {
      encoding: 'utf8',
      env: { ...process.env, STS_LAB_HOME: home },
    })
  try {
    const before = performance.now()
    const up = cli('cluster', 'up', '--speed', 'fast')
    const commandMs = round(performance.now() - before)
    if (up.status !== 0) throw new Error(up.stderr)
    const { pid, kubeconfig } = JSON.parse(cli('cluster', 'status', '-o', 'json').stdout)
    return { clusterUpMs: commandMs, ...(await load(kubeconfig, pid, path.join(home, 'cluster', 'journal'))) }
  } finally {
    cli('cluster', 'down')
    rmSync(home, { recursive: true, force: true })
  }
}

async function load(kubeconfig: string, pid: number, journal: string): Promise<object> {
  const call = caller(kubeconfig)
  const idleMb = residentMb(pid)
  const watched = watchPods(call)
  const latencies: number[] = []
  let asking = true
  const asker = (async () => {
    while (asking) {
      const asked = performance.now()
      await call('GET', '/readyz')
      latencies.push(performance.now() - asked)
      await sleep(50)
    }
  })()
  const start = performance.now()
  for (let index = 0; index < SETS; index++) {
    const name = `set-${index}`
    await call('POST', '/api/v1/namespaces/default/services', service(name))
    await call('POST', '/apis/apps/v1/namespaces/default/statefulsets', statefulSet(name))
  }
  while (watched.now().ready.size < SETS * REPLICAS) {
    if (performance.now() - start > LIMIT_MS) throw new Error(`${watched.now().ready.size} pods became ready`)
    await sleep(20)
  }
  const upMs = performance.now() - start
  asking = false
  await asker
  const { events } = watched.now()
  watched.stop()
  latencies.sort((a, b) => a - b)
  return {
    statefulSets: SETS,
    pods: SETS * REPLICAS,
    upMs: round(upMs),
    podEvents: events,
    podEventsPerSecond: round((events / upMs) * 1000),
    readyzMs: {
      median: round(latencies[latencies.length >> 1] ?? Number.NaN),
      p99: round(latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN),
      worst: round(latencies.at(-1) ?? Number.NaN),
    },
    residentMb: { idle: idleMb, full: residentMb(pid) },
    journalMb: round(statSync(journal).size / 2 ** 20),
  }
}

type Call = (method: string, path: string, body?: object) => Promise<void>
interface Caller extends Call {
  readonly options: RequestOptions
}

function caller(kubeconfig: string): Caller {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'))
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster
  const { hostname, port } = new URL(server)
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') })
  const options = { hostname, port, agent, headers: { authorization: `Bearer ${users[0].user.token}` } }
  const call: Call = (method, to, body) =>
    new Promise((resolve, reject) => {
      const headers = { ...options.headers, 'content-type': 'application/json' }
      request({ ...options, method, path: to, headers }, (response) => {
        response.resume().on('end', () => {
          if ((response.statusCode ?? 500) < 300) resolve()
          else reject(new Error(`${method} ${to}: ${response.statusCode}`))
        })
      })
        .on('error', reject)
        .end(body === undefined ? undefined : JSON.stringify(body))
    })
  return Object.assign(call, { options })
}

function watchPods({ options }: Caller): { now(): Watched; stop(): void } {
  const ready = new Set<string>()
  let events = 0
  let rest = ''
  const asked = request({ ...options, path: '/api/v1/namespaces/default/pods?watch=true' }, (response) => {
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const { object } = JSON.parse(line)
        events += 1
        const conditions: readonly { type: string; status: string }[] = object.status?.conditions ?? []
        if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True'))
          ready.add(object.metadata.name)
      }
    })
    response.on('error', () => {})
  })
  asked.on('error', () => {}).end()
  return { now: () => ({ events, ready }), stop: () => asked.destroy() }
}

const service = (name: string) => ({
  metadata: { name },
  spec: { clusterIP: 'None', selector: { app: name }, ports: [{ port: 80 }] },
})

const statefulSet = (name: string) => ({
  metadata: { name },
  spec: {
    serviceName: name,
    replicas: REPLICAS,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'busybox:1.36',
            command: ['sh', '-c', 'hostname > /data/name; trap "exit 0" TERM; sleep infinity & wait'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '100Mi' } } },
      },
    ],
  },
})

function residentMb(pid: number): number {
  const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return round(Number(kb) / 1024)
}

const round = (value: number): number => Math.round(value * 10) / 10
