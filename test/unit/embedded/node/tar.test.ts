import { describe, expect, it } from 'vitest'
import { aPodCluster } from './pod-cluster.ts'

const aShell = () => {
  const cluster = aPodCluster()
  cluster.run('box', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sleep', '1000'] }] })
  return (script: string) => cluster.exec('box', 'sh', '-c', script)
}

describe('tar in a container, as kubectl cp runs it', () => {
  it('carries a folder from one place to another, contents, links and modes', async () => {
    const sh = aShell()
    const long = `deep/${'n'.repeat(120)}`
    const { out, err } = await sh(
      `mkdir -p /tmp/a/deep && cd /tmp/a && echo one > f && chmod 750 f && ln -s f l && echo two > ${long}
       mkdir /tmp/b && tar cf - -C /tmp a/f a/l 2>/dev/null | cat > /dev/null
       cd /tmp && tar cf - a | tar -xmf - -C /tmp/b
       cat /tmp/b/a/f /tmp/b/a/${long}; readlink /tmp/b/a/l; stat -c %a /tmp/b/a/f`,
    )
    expect({ out, err }).toEqual({ out: 'one\ntwo\nf\n750\n', err: '' })
  })

  it('says what is missing, and packs the rest', async () => {
    const sh = aShell()
    const { out, err, end } = await sh(
      'cd /tmp && echo x > there && tar cf t there nothing; tar tf t; tar cf t nothing',
    )
    expect(out).toBe('there\n')
    expect(err).toContain('tar: nothing: No such file or directory')
    expect(end).toEqual({ exitCode: 1 })
  })
})
