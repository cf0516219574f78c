import { describe, expect, it } from 'vitest'
import { cannotFail } from '../../../src/criteria/cannot-fail.ts'

const sh = (script: string) => ['/bin/sh', '-c', script]

describe('a command that cannot fail', () => {
  it.each([
    [['true']],
    [['/bin/true']],
    [['busybox', 'true']],
    [['echo', 'ok']],
    [sh('true')],
    [sh(':')],
    [sh('exit 0')],
    [sh('exit')],
    [sh('')],
    [sh('nslookup web-1 || true')],
    [sh('nslookup web-1; true')],
    [sh('nslookup web-1\necho "it is; done"\n')],
    [sh('nslookup web-1 | cat || exit 0 # for now')],
    [sh('echo a && echo b')],
    [sh('cat /no-file 2>/dev/null ; exit 0')],
  ])('is %j', (command) => {
    expect(cannotFail(command)).toBe(true)
  })

  it.each([
    [['false']],
    [['cat', '/tmp/ready']],
    [['wget', '-q', '-O-', 'localhost']],
    [['sh', '/probe.sh']],
    [sh('exit 1')],
    [sh('test -e /tmp/ready')],
    [sh('[ -e /tmp/ready ] && echo ok')],
    [sh('wget -q localhost || exit 1')],
    [sh('wget -q localhost || exit 1; echo ok')],
    [sh('set -e; wget -q localhost; echo ok')],
    [['sh', '-ec', 'wget -q localhost; echo ok']],
    [sh('true || true && grep x /etc/hosts')],
    [sh('nslookup web-1 | grep -q Name')],
    [sh('if grep x /etc/hosts; then true; else exit 1; fi')],
    [sh('for n in 0 1; do nslookup $n || exit 1; done; true')],
    [sh("grep ' ; true' /etc/hosts")],
    [[]],
  ])('is not %j', (command) => {
    expect(cannotFail(command)).toBe(false)
  })
})
