import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { embeddedServer } from './support/embedded-server.ts'
import { KUBECTL } from './support/kubectl-cases.ts'
import { compared, isRecordedKubectl, keyOf, recorded, runAll, type Said } from './support/run-kubectl.ts'

/** What kubectl 1.32 said on a Kubernetes 1.20.2; written anew with STS_LAB_RECORD=CONTEXT. */
const RECORDED = fileURLToPath(new URL('fixtures/kubectl-1.20.json', import.meta.url))
const DIR = fileURLToPath(new URL('manifests', import.meta.url))

describe.skipIf(!isRecordedKubectl())(
  'kubectl on the embedded API server (where there is a kubectl 1.32)',
  () => {
    const here = embeddedServer()
    let ours: Said
    let real: Said

    beforeAll(async () => {
      ours = await runAll(KUBECTL, ['--kubeconfig', here.kubeconfig], 'kubectl-ours', DIR)
      const context = process.env.STS_LAB_RECORD
      if (context !== undefined) {
        const config = process.env.KUBECONFIG === undefined ? [] : ['--kubeconfig', process.env.KUBECONFIG]
        const namespace = `kubectl-${Date.now().toString(36)}`
        const said = await runAll(KUBECTL, [...config, '--context', context], namespace, DIR)
        writeFileSync(RECORDED, recorded(KUBECTL, said))
      }
      real = existsSync(RECORDED) ? JSON.parse(readFileSync(RECORDED, 'utf8')) : {}
    }, 120_000)

    it.each(KUBECTL.map((one, index) => [keyOf(one, index), one] as const))('%s', (key, one) => {
      expect(real[key]).toBeDefined()
      if (one.differs === undefined)
        expect(compared(ours[key] ?? '', one)).toBe(compared(real[key] ?? '', one))
      else expect(ours[key]).toContain(one.says ?? '')
    })
  },
)
