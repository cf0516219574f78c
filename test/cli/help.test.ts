import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
const COMMANDS = [
  'start',
  'verify',
  'watch',
  'doctor',
  'list',
  'status',
  'hint',
  'next',
  'back',
  'clean',
  'reset',
  'solution',
  'cluster',
]

describe('sts-lab', () => {
  it('lists its commands on --help, on stdout, without colours off a terminal', async () => {
    const { code, stdout, stderr } = await runCli(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    expect(stdout).not.toContain('\u001b')
  })

  it.each(COMMANDS)('explains %s', async (command) => {
    const { code, stdout } = await runCli([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`sts-lab ${command}`)
  })

  it('says its version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('refuses an unknown command with the one that was meant, on stderr', async () => {
    const { code, stdout, stderr } = await runCli(['verfy'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain("'verfy'")
    expect(stderr).toMatch(/Did you mean verify/)
  })

  it('refuses an unknown option, and a value that is none of the choices', async () => {
    expect(await runCli(['verify', '--outputt', 'json'])).toMatchObject({ code: 2, stdout: '' })
    const { code, stderr } = await runCli(['verify', '--output', 'yaml'])
    expect(code).toBe(2)
    expect(stderr).toContain('json')
  })

  it('could not decide when there is no kubeconfig, and says what to do', async () => {
    const { code, stderr } = await runCli(['verify'])
    expect(code).toBe(3)
    expect(stderr).toContain('no kubeconfig')
  })

  // The fastest of several, which a busy machine disturbs least. Loading the client alone costs more than the bound.
  it('starts within 150 ms of bare node', () => {
    const fastestMs = (args: readonly string[]): number => {
      const times = Array.from({ length: 7 }, () => {
        const start = performance.now()
        expect(spawnSync(process.execPath, args).status).toBe(0)
        return performance.now() - start
      })
      return Math.min(...times)
    }
    const bareMs = fastestMs(['-e', '0'])
    expect(fastestMs(['bin/sts-lab.js', '--help']) - bareMs).toBeLessThan(150)
  })

  it('says in the JSON of verify why there was nothing to judge', async () => {
    const { code, stdout, stderr } = await runCli(['verify', '-o', 'json'])
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ schemaVersion: 1, lab: 'section3', cluster: null, criteria: [] })
    expect(stderr).toContain(result.error.message)
    expect(result.error.hint).toEqual(expect.any(String))
    expect(code).not.toBe(0)
  })
})
