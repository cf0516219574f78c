import { describe, expect, it } from 'vitest'
import { problemsIn } from '../../../scripts/check/house-rules.mjs'
import { enginesProblems, lockProblems, manifestProblems } from '../../../scripts/check/package-rules.mjs'

describe('the house rules', () => {
  it.each([
    ['test/unit/a.test.ts', `it.${'only'}(`, 'a test that hides the others (.only)'],
    ['test/unit/a.test.ts', `it('x', { ${'retry'}: 2 }, f)`, 'a retry that hides a race'],
    ['src/run/a.ts', 'console.log(1)', 'console.* (write through the terminal port)'],
    ['src/run/a.ts', 'process.exit(1)', 'process.exit (set process.exitCode: output is lost otherwise)'],
    ['src/run/a.ts', `// @${'ts'}-ignore`, 'a type error switched off'],
    ['README.md', '>>>>>>> theirs', 'a merge conflict marker'],
    ['labs/a.yaml', 'cd /home/me/clone/x', 'a path of this machine'],
  ])('refuse in %s: %s', (file, text, what) => {
    expect(problemsIn(file, `first line\n${text}\n`, ['/home/me/clone/'])).toEqual([`${file}:2: ${what}`])
  })

  it('let ordinary text be', () => {
    expect(problemsIn('README.md', `it.${'only'}( and console.log( are words here`, ['/home/me/'])).toEqual(
      [],
    )
    expect(problemsIn('src/main.ts', 'process.exit(1)', [])).toEqual([])
  })
})

describe('the package promises', () => {
  const manifest = { engines: { node: '>=20.19' }, devDependencies: { yaml: '2.9.1' } }
  const lock = (over = {}) =>
    JSON.stringify({ packages: { '': { devDependencies: { yaml: '2.9.1' } }, ...over } })

  it('hold for exact pins, all bundled, and a lock file without a registry', () => {
    expect(manifestProblems(manifest)).toEqual([])
    expect(lockProblems(lock(), manifest)).toEqual([])
  })

  it('are broken by a runtime dependency, a range and another oldest Node', () => {
    expect(manifestProblems({ ...manifest, dependencies: { ws: '8.0.0' } })).toHaveLength(1)
    expect(manifestProblems({ ...manifest, devDependencies: { yaml: '^2.9.1' } })).toHaveLength(1)
    expect(manifestProblems({ ...manifest, engines: { node: '>=18' } })).toHaveLength(1)
  })

  it('are broken by a lock file that names a registry or differs from package.json', () => {
    expect(lockProblems(lock({ 'node_modules/yaml': { resolved: 'x' } }), manifest)).toHaveLength(1)
    expect(lockProblems(lock(), { ...manifest, devDependencies: { yaml: '2.9.0' } })).toHaveLength(1)
  })

  it('are broken by a lock file that leaves out the package of another platform', () => {
    const optional = { 'node_modules/x': { optionalDependencies: { '@x/win32': '1.0.0' } } }
    expect(lockProblems(lock(optional), manifest)).toEqual([expect.stringContaining('lacks @x/win32')])
    expect(lockProblems(lock({ ...optional, 'node_modules/@x/win32': {} }), manifest)).toEqual([])
  })

  it('are broken by a bundled package that needs a newer Node', () => {
    const needs = (node: string) => enginesProblems([{ name: 'x', version: '1.0.0', engines: { node } }])
    expect(needs('>=22.12.0')).toEqual(['x 1.0.0 is bundled but needs Node >=22.12.0, not 20.19.0'])
    expect(needs('^20.17.0 || >=22.9.0')).toEqual([])
    expect(enginesProblems([{ name: 'x', version: '1.0.0' }])).toEqual([])
  })
})
