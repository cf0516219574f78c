import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { embeddedServer } from './support/embedded-server.ts'
import { KUBECTL } from './support/kubectl-cases.ts'

/** What kubectl 1.32 said on a Kubernetes 1.20.2; written anew with STS_LAB_RECORD=CONTEXT. */
const RECORDED = fileURLToPath(new URL('fixtures/kubectl-1.20.json', import.meta.url))
const DIR = fileURLToPath(new URL('manifests', import.meta.url))
/** Each kubectl has its own words: they can be compared only with those of the one that was recorded. */
const present = /v1\.32\./.test(
  spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' }).stdout ?? '',
)

type Said = Readonly<Record<string, string>>

/** Runs all commands in a namespace of their own; what each said (and its exit code), by its place and words. */
async function runAll(config: readonly string[], namespace: string): Promise<Said> {
  await kubectl(config, ['create', 'namespace', namespace])
  const said: Record<string, string> = {}
  for (const [index, { args }] of KUBECTL.entries()) {
    const words = args.split(' ').map((word) => word.replace('{dir}', DIR))
    const output = await kubectl([...config, '-n', namespace], words)
    said[`${index} ${args}`] = output
      .replaceAll(namespace, '{ns}')
      .replaceAll(DIR, '{dir}')
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '{time}')
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{uid}')
      .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "{version}"')
      .replace(/\b\d+m?\d*s\b +/g, '{age} ')
      .replace(/\b\d+m?\d*s$/gm, '{age}')
      .replace(/^WARNING: version difference.*\n/gm, '')
  }
  await kubectl(config, ['delete', 'namespace', namespace, '--wait=false'])
  return said
}

function kubectl(config: readonly string[], args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kubectl', [...config, ...args], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve(`${output.trimEnd()}\n[${code}]`))
  })
}

describe.skipIf(!present)('kubectl on the embedded API server (where there is a kubectl 1.32)', () => {
  const here = embeddedServer()
  let ours: Said
  let real: Said

  beforeAll(async () => {
    ours = await runAll(['--kubeconfig', here.kubeconfig], 'kubectl-ours')
    const context = process.env.STS_LAB_RECORD
    if (context !== undefined) {
      const config = process.env.KUBECONFIG === undefined ? [] : ['--kubeconfig', process.env.KUBECONFIG]
      const said = await runAll([...config, '--context', context], `kubectl-${Date.now().toString(36)}`)
      writeFileSync(RECORDED, `${JSON.stringify(said, null, 1)}\n`)
    }
    real = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {}
  }, 120_000)

  it.each(KUBECTL.map(({ args }, index) => [`${index} ${args}`, KUBECTL[index]] as const))(
    '%s',
    (key, asked) => {
      if (asked?.differs === undefined) expect(ours[key]).toBe(real[key])
      else expect(ours[key]).toContain(asked.says ?? '')
      expect(real[key]).toBeDefined()
    },
  )
})
