import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

describe('the packed tarball', () => {
  let folder = ''
  let installed = ''
  const bin = () => join(installed, 'bin', 'sts-lab.js')
  const npm = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`npm ${args.join(' ')}: exit ${status}\n${stdout}\n${stderr}`)
    return stdout
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sts-lab-pack-'))
    // dist/ is fresh already (the suite's set-up): building again would only race with the other files.
    const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder)) as [
      { readonly filename: string },
    ]
    // --offline: nothing to fetch, because nothing is left to depend on.
    npm('install', '--global', '--offline', '--prefix', join(folder, 'prefix'), join(folder, packed.filename))
    installed = join(folder, 'prefix', 'lib', 'node_modules', 'sts-lab')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('puts the command on the path', async () => {
    expect(existsSync(join(folder, 'prefix', 'bin', 'sts-lab'))).toBe(true)
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
    expect(await runCli(['--version'], { bin: join(folder, 'prefix', 'bin', 'sts-lab') })).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
    })
  })

  it('brings its labs and finds them', async () => {
    const { code, stdout, stderr } = await runCli(['list'], { bin: bin() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('section1')
  })

  it('brings its manifests, its licences and no dependency', () => {
    const all = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    for (const file of [...readdirSync('manifests', { recursive: true, encoding: 'utf8' })])
      expect(all).toContain(join('manifests', file))
    for (const file of ['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES.md', join('dist', 'main.mjs')])
      expect(all).toContain(file)
    expect(all.filter((file) => /node_modules|^src|^test|meta\.json|\.ts$/.test(file))).toEqual([
      'src',
      'src/report',
      'src/report/verify-result.schema.json',
    ])
  })

  it('loads the Kubernetes client from its own bundle', async () => {
    const { code, stderr } = await runCli(['verify', '--context', 'x'], { bin: bin() })
    expect(code).toBe(3)
    expect(stderr).toContain('no kubeconfig')
  })
})
