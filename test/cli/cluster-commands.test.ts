import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyYaml } from '../e2e/support/apply-yaml.ts'
import { onTheCluster, runCli as runCliThere, theCluster } from '../e2e/support/cluster.ts'
import { eventually } from '../e2e/support/eventually.ts'
import { inNamespace } from '../e2e/support/namespace.ts'
import { studentSet } from '../e2e/support/student-set.ts'
import { inventory, untilPrinted } from '../e2e/support/verify.ts'
import { startCli } from '../helpers/run-cli.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sts-lab-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))
const cli = (args: readonly string[], home = 'home') =>
  runCliThere(args, { env: { STS_LAB_HOME: path.join(folder, home) } })

describe.concurrent('a cluster that is gone', () => {
  it.each([['verify', '--allow-simulated'], ['doctor'], ['watch'], ['clean', 'section1', '--yes']])(
    'lets %s end with 3, its address and what to look at',
    async (...command) => {
      const { kubeconfig } = theCluster()
      const nowhere = 'https://127.0.0.1:1'
      const dead = path.join(folder, `dead-${command[0]}`)
      writeFileSync(dead, readFileSync(kubeconfig, 'utf8').replace(/https:[^\s"]+/, nowhere))
      const { code, stdout, stderr } = await cli([...command, '--kubeconfig', dead])
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(stderr).toContain(nowhere)
      expect(stderr).toContain('cluster-info')
    },
  )
})

describe('a wrong request', () => {
  const namespace = inNamespace('asked')
  beforeAll(async () => {
    await applyYaml(namespace.api, namespace.name, studentSet())
    await eventually('the set is up', async () => {
      const { pods } = await inventory(namespace.api, namespace.name)
      return pods.length === 3 ? null : pods.join()
    })
  })

  it.each([
    [['verify', '--allow-simulated', '-s', 'wbe'], 'there is no StatefulSet wbe', 'there is: web'],
    [['verify', '--allow-simulated', '--only', '99'], 'there is no criterion "99"', '10 pvc-reuse'],
    [['verify', '--allow-simulated', '--timeout', 'soon'], 'not "soon"', '--timeout 300'],
    [['verify'], 'is the practice cluster', '--allow-simulated'],
    [['start', 'section9', '--yes'], 'section9', 'sts-lab start section1'],
    [['start', 'section1', '--yes', '--from', 'grwo'], 'grwo', 'did you mean'],
  ])('%j ends with 2, touches nothing and says what to type', async (command, ...words) => {
    const before = await inventory(namespace.api, namespace.name)
    const { code, stderr } = await cli([...command, '-n', namespace.name])
    expect(code, stderr).toBe(2)
    for (const word of words) expect(stderr.replace(/\s+/g, ' ')).toContain(word)
    expect(await inventory(namespace.api, namespace.name)).toEqual(before)
  })

  it.each(['verify', 'start', 'watch', 'doctor', 'clean', 'reset'])(
    '%s in a namespace that cannot exist ends with 2, and writes no file',
    async (command) => {
      for (const name of ['Bad_Name', '../../elsewhere', '']) {
        const { code, stdout, stderr } = await cli([command, '-n', name, '--yes'], 'untouched')
        expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('--namespace wants')
      }
      expect(existsSync(path.join(folder, 'untouched'))).toBe(false)
    },
  )
})

describe('watch', () => {
  const namespace = inNamespace('watched')

  it('tells what is there and what happens, and ends well on Ctrl-C', async () => {
    await applyYaml(namespace.api, namespace.name, studentSet())
    const { process: child, result } = startCli(['watch', '-n', namespace.name], onTheCluster())
    await untilPrinted(child, /pod\/web-2 (is there, )?ready/)
    // Listened for before it is asked for: it may be told before the request is answered.
    const told = untilPrinted(child, /pod\/web-1 terminating/)
    await namespace.api.remove(`/api/v1/namespaces/${namespace.name}/pods/web-1`)
    await told
    child.kill('SIGINT')
    const { code, stderr } = await result
    expect(code, stderr).toBe(0)
  })
})

describe('start, status and clean', () => {
  const namespace = inNamespace('begun')

  it('keep what was done, tell it, and take all of it away', async () => {
    const lab = ['mistake-8', '-n', namespace.name]
    const started = await cli(['start', ...lab, '--yes'])
    expect(started.code, started.stderr).toBe(0)
    const { steps } = JSON.parse((await cli(['status', 'mistake-8', '-o', 'json'])).stdout)
    expect(steps.every(({ doneAt }: { doneAt: string | null }) => doneAt !== null)).toBe(true)
    const cleaned = await cli(['clean', ...lab, '--yes'])
    expect(cleaned.code, cleaned.stderr).toBe(0)
    expect(await inventory(namespace.api, namespace.name)).toMatchObject({
      set: null,
      pods: [],
      claims: [],
      services: [],
    })
  })
})
