import { describe, expect, it } from 'vitest'
import { heldClock } from '../../../../src/embedded/clock.ts'
import { ContainerLog } from '../../../../src/embedded/node/kubelet/logs.ts'
import { Device } from '../../../../src/embedded/node/os/inode.ts'
import { aContainer, run } from './container.ts'

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

  it.each([
    ['grep', "grep -E '^(a+)+$'"],
    ['grep, though no group is repeated', "grep 'a*a*a*a*a*a*a*a*c'"],
    ['sed', "sed -E 's/^(a|aa)+$/x/'"],
    ['a sed address', "sed -nE '/(a*)*c/p'"],
    ['expr', 'expr "$(cat)" : \'\\(a*\\)*$\''],
    ['a replacement', `x=$(cat); echo "\${x//a*a*a*a*a*a*a*c/}"`],
  ])('is killed, and told why, when it looks with a pattern that takes for ever: %s', (_, command) => {
    const text = `${'a'.repeat(3_000)}b`
    const { err, exit } = run(`${command}; exit $?`, { input: `${text}\n` })
    expect(err).toContain('the simulated node ends what works too long')
    expect(exit?.code).toBe(137)
  })

  it('may look for what is there with the same patterns', () => {
    const { out } = run(
      "echo aaa | grep -cE '^(a+)+$'; echo aab | sed -E 's/(a|aa)+/x/'; expr aab : '\\(a*\\)'",
    )
    expect(out).toBe('1\nxb\naa\n')
  })

  it('compares patterns and long texts in no time', () => {
    const { out } = run(
      `x=$(head -c 100000 /dev/zero | tr "\\0" a); case $x in *a*a*a*a*a*a*b) echo y;; *a*a*a) echo n;; esac; y=\${x##*b*c}; z=\${x%%a*}; echo \${#y} \${#z}; [ "\${x#*a}" = "\${x%a}" ] && echo same`,
    )
    expect(out).toBe('n\n100000 0\nsame\n')
  })

  it.each([
    ['arguments', 'set -- a; while :; do set -- "$@" "$@"; done'],
    ['words', 'x="a a a a a a a a "; while :; do x="$x$x"; set -- $x; done'],
    [
      'variables',
      'x=$(head -c 1000000 /dev/zero | tr "\\0" a); while :; do i=$((i+1)); eval "v$i=\\$x"; done',
    ],
    ['printed blanks', 'printf "%1000000000s" x >/dev/null'],
    ['printed digits', 'printf "%.500000000d" 5 >/dev/null'],
  ])('runs out of memory when it holds too much: %s', (_, script) => {
    expect(run(script, { forMs: 3_600_000 }).exit).toEqual({ code: 137, signal: 'KILL', outOfMemory: true })
  })

  it('does not double its work with each variable that holds an expression', () => {
    const { err } = run(
      'a0=1; i=1; while [ $i -lt 40 ]; do eval "a$i=a$((i-1))+a$((i-1))"; i=$((i+1)); done; echo $((a39))',
    )
    expect(err).toContain('expression recursion loop detected')
  })

  it('has so many files, however small they are, and paths that end somewhere', () => {
    const box = aContainer([
      'sh',
      '-c',
      'sleep 1; touch $(seq 20); ls | grep -c "^[0-9]"; cd /tmp; while mkdir d 2>/dev/null && cd d; do :; done; pwd | wc -c',
    ])
    box.machine.files.device.inodes = 65_530
    box.clock.advance(900)
    expect(box.err).toBe('')
    box.clock.advance(100)
    expect(box.err).toContain('touch: 7: No space left on device')
    box.machine.files.device.inodes = 0
    box.clock.advance(3_600_000)
    const [files, length = 0] = box.out.trim().split('\n').map(Number)
    expect(files).toBe(6)
    expect(length).toBeLessThan(4_100)
  })

  it('shares the disk of its node with all others', () => {
    const clock = heldClock()
    const text = 'x'.repeat(16 * 1024 * 1024)
    const others = Array.from({ length: 60 }, () => {
      const device = new Device(clock, 1024 ** 3)
      device.file(text)
      return device
    })
    expect(run('for i in 1 2 3 4; do cat /dev/zero >/f$i; done; echo $?', { clock }).err).toContain(
      'No space left on device',
    )
    expect(others).toHaveLength(60)
  })

  it('keeps a log of bounded size, quickly', () => {
    const log = new ContainerLog(heldClock())
    const began = process.cpuUsage().user
    for (let count = 0; count < 30; count += 1) log.write('stdout', 'y\n'.repeat(20_000))
    expect((process.cpuUsage().user - began) / 1000).toBeLessThan(3_000)
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
