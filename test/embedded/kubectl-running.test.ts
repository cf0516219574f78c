import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { KUBECTL } from './support/kubectl-cases.ts'
import { KUBECTL_RUNNING } from './support/kubectl-running-cases.ts'
import { commandsIn, shapeOf } from './support/kubectl-shape.ts'
import { onPractice } from './support/practice.ts'
import { compared, isRecordedKubectl, keyOf, recorded, runAll, type Said } from './support/run-kubectl.ts'

/** What kubectl 1.32 said on a Kubernetes 1.20.2; written anew with STS_LAB_RECORD=CONTEXT. */
const RECORDED = fileURLToPath(new URL('fixtures/kubectl-running-1.20.json', import.meta.url))
const DIR = fileURLToPath(new URL('manifests', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe.skipIf(!isRecordedKubectl())(
  'kubectl on a practice cluster that runs pods (where there is a kubectl 1.32)',
  () => {
    let ours: Said
    let real: Said
    /** What curl would say through `kubectl port-forward`, over a WebSocket and over SPDY. */
    const forwarded: string[] = []

    beforeAll(async () => {
      ours = await onPractice({}, async ({ cluster, create }) => {
        const config = ['--kubeconfig', cluster.kubeconfig ?? '']
        const said = await runAll(KUBECTL_RUNNING, config, 'running-ours', DIR)
        create('forward', readFileSync(path.join(DIR, 'page.yaml'), 'utf8'))
        for (const websockets of [true, false]) forwarded.push(await forward(config, websockets))
        return said
      })
      const context = process.env.STS_LAB_RECORD
      if (context !== undefined) {
        const config = process.env.KUBECONFIG === undefined ? [] : ['--kubeconfig', process.env.KUBECONFIG]
        const namespace = `running-${Date.now().toString(36)}`
        const said = await runAll(KUBECTL_RUNNING, [...config, '--context', context], namespace, DIR)
        writeFileSync(RECORDED, recorded(KUBECTL_RUNNING, said))
      }
      real = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {}
    }, 600_000)

    it.each(KUBECTL_RUNNING.map((one, index) => [keyOf(one, index), one] as const))('%s', (key, one) => {
      expect(real[key]).toBeDefined()
      if (one.differs === undefined)
        expect(compared(ours[key] ?? '', one)).toBe(compared(real[key] ?? '', one))
      else expect(ours[key]).toContain(one.says ?? '')
    })

    it('port-forward brings a pod to this machine, over a WebSocket and over SPDY', () => {
      expect(forwarded).toEqual(['200 Welcome to nginx!', '200 Welcome to nginx!'])
    })
  },
)

describe('the kubectl commands that labs, topics and README show', () => {
  it('are all among those that are compared', () => {
    const known = new Set([...KUBECTL, ...KUBECTL_RUNNING].map(({ args }) => shapeOf(args)))
    const shown = pages().flatMap((file) => commandsIn(readFileSync(file, 'utf8')))
    const unknown = shown.filter((command) => {
      const shape = shapeOf(command)
      return shape !== null && !known.has(shape)
    })
    expect(shown.length).toBeGreaterThan(200)
    expect([...new Set(unknown)]).toEqual([])
  })
})

const pages = (): readonly string[] => [
  path.join(ROOT, 'README.md'),
  ...readdirSync(path.join(ROOT, 'labs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => path.join(ROOT, 'labs', file)),
]

/** Forwards a free port to the pod `page`, asks it for its page, and tells of it. */
async function forward(config: readonly string[], websockets: boolean): Promise<string> {
  const child = spawn('kubectl', [...config, '-n', 'forward', 'port-forward', 'pod/page', ':80'], {
    env: { ...process.env, KUBECTL_PORT_FORWARD_WEBSOCKETS: String(websockets) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let said = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      said += chunk
      const [, port] = /127\.0\.0\.1:(\d+) ->/.exec(said) ?? []
      if (port === undefined) continue
      const response = await fetch(`http://127.0.0.1:${port}/`)
      const text = await response.text()
      return `${response.status} ${/<title>(.*)<\/title>/.exec(text)?.[1]}`
    }
    return said
  } finally {
    child.kill()
  }
}
