import { describe, expect, it } from 'vitest'
import { run } from './container.ts'

/** What a hostile or careless script may do to the process that it runs in: nothing. */
describe('a script', () => {
  it.each([
    ['loops without an end', 'while :; do :; done'],
    ['doubles a text for ever', 'x=aaaaaaaaaaaaaaaa; while :; do x="$x$x"; done'],
    ['writes a file for ever', 'while :; do cat /dev/zero >>/f; done'],
    ['prints for ever into a substitution', 'x=$(yes)'],
    ['forks without an end', 'f() { f | f & }; f; wait'],
    ['calls itself without an end', 'f() { f; }; f'],
    ['nests shells without an end', 'printf "sh /s" >/s; sh /s'],
    ['nests evals without an end', 'e=\'eval "$e"\'; eval "$e"'],
    ['sends itself signals', "trap 'kill -USR1 $$' USR1; kill -USR1 $$; while :; do :; done"],
    ['expands stars', 'mkdir -p /d/a/b/c /d/x/y/z; while :; do echo /*/*/*/* >/dev/null; done'],
  ])('that %s leaves the others alone', (_, script) => {
    const began = Date.now()
    const { machine } = run(script, { forMs: 300 })
    machine.close()
    expect(machine.processes.size).toBe(0)
    expect(Date.now() - began).toBeLessThan(8_000)
  })

  it('sees nothing of the host', () => {
    process.env.SECRET_OF_THE_HOST = 'seen'
    const { out } = run('env; cat /proc/self/environ; ls -R /proc /home /root; cat /etc/shadow')
    expect(out).not.toContain('seen')
    expect(out).not.toContain('SECRET')
  })

  it.each([
    '"',
    "'",
    '$(',
    '`',
    '${',
    '$((',
    'if',
    'case x in',
    'f() {',
    '<<E',
    '((((((',
    '| |',
    '&&',
    ';;',
    '"$(echo "',
    '${x',
    '$((1+',
    '\\',
  ])('that makes no sense is refused: %s', (text) => {
    expect(run(text).exit?.code).not.toBe(139)
  })
})
