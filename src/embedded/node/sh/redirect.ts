import { type Handle, PipeReader } from '../os/handle.ts'
import { Pipe } from '../os/pipe.ts'
import type { Process } from '../os/process.ts'
import { type Shell, ShellError } from './shell.ts'
import type { Redirection } from './syntax.ts'

/** Opens what a redirection names; null closes. @throws Errno */
export function openRedirection(
  shell: Shell,
  operator: Redirection['operator'],
  word: string,
): Handle | null {
  const { process } = shell
  const { files, cwd, umask } = process
  const mode = 0o666 & ~umask
  switch (operator) {
    case 'here': {
      const pipe = new Pipe()
      const reader = new PipeReader(pipe)
      void pipe.feed(word)
      return reader
    }
    case '<&':
    case '>&':
      if (word === '-') return null
      if (!/^\d+$/.test(word)) throw new ShellError('bad fd number')
      return process.fd(Number(word)).share()
    case '<':
      return special(process, word) ?? files.open(word, cwd, { read: true }, process)
    case '<>':
      return files.open(word, cwd, { read: true, write: true, create: true, mode }, process)
    case '>>':
      return special(process, word) ?? files.open(word, cwd, { append: true, create: true, mode }, process)
    default: {
      const keeps = operator === '>' && shell.options.has('C') && files.peek(word, cwd)?.kind === 'file'
      return (
        special(process, word) ??
        files.open(word, cwd, { write: true, create: true, truncate: true, mode, exclusive: keeps }, process)
      )
    }
  }
}

/** /dev/stdout and the like are what the process has there. */
function special(self: Process, path: string): Handle | null {
  const own = /^\/dev\/(stdin|stdout|stderr)$|^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)
  if (own === null) {
    const first = /^\/proc\/1\/fd\/([12])$/.exec(path)
    const process = self.machine.processes.get(1)
    return first === null || process === undefined ? null : process.fd(Number(first[1])).share()
  }
  const fd = own[2] === undefined ? ['stdin', 'stdout', 'stderr'].indexOf(own[1] ?? '') : Number(own[2])
  return self.fd(fd).share()
}
