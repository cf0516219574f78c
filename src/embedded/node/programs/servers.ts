import type { HttpRequest, HttpResponse } from '../net/network.ts'
import type { Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { complain, optionsOf } from './options.ts'
import { strftime } from './strftime.ts'

const forever: () => () => void = () => () => undefined

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  txt: 'text/plain',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
}

/** A file under a folder, or what a server says where there is none. */
function serve(
  process: Process,
  root: string,
  { path }: HttpRequest,
  errorBody: (status: number, reason: string) => string,
): HttpResponse {
  let plain: string
  try {
    plain = decodeURIComponent(path.split('?')[0] ?? '/')
  } catch {
    plain = '/'
  }
  const clean = `/${plain
    .split('/')
    .filter((part) => part !== '..' && part !== '.' && part !== '')
    .join('/')}`
  const at = (sub: string) => process.files.peek(`${root}${sub}`, process.cwd)
  const asked = at(clean)
  const node = asked?.kind === 'dir' ? at(`${clean}/index.html`) : asked
  const failure = (status: number, reason: string): HttpResponse => ({
    status,
    reason,
    headers: [['Content-Type', 'text/html']],
    body: errorBody(status, reason),
  })
  if (node?.kind === 'file') {
    const type =
      TYPES[(asked?.kind === 'dir' ? 'html' : clean.split('.').at(-1)) ?? ''] ?? 'application/octet-stream'
    return {
      status: 200,
      reason: 'OK',
      headers: [
        ['Content-Type', type],
        ['Content-Length', String(node.text.length)],
      ],
      body: node.text,
    }
  }
  return asked?.kind === 'dir' ? failure(403, 'Forbidden') : failure(404, 'Not Found')
}

export const httpd: Program = function* (process, argv) {
  const { flags, values } = optionsOf(argv, 'fip:h:u:r:vc:')
  const port = Number((values.get('p') ?? '80').split(':').at(-1))
  const root = values.get('h') ?? process.cwd
  const { sandbox, machine } = { sandbox: process.machine.sandbox, machine: process.machine }
  if (process.files.peek(root, process.cwd)?.kind !== 'dir')
    return yield* complain(process, 'httpd', `can't change directory to '${root}': No such file or directory`)
  if (sandbox.ports.has(port)) return yield* complain(process, 'httpd', 'bind: Address already in use')
  const run = function* (self: Process): Task<number> {
    const body = (status: number, reason: string) =>
      `<HTML><HEAD><TITLE>${status} ${reason}</TITLE></HEAD>\n<BODY><H1>${status} ${reason}</H1>\nThe requested URL was not found\n</BODY></HTML>\n`
    sandbox.ports.set(port, { process: self, respond: (request) => serve(self, root, request, body) })
    for (;;) yield forever
  }
  if (flags.has('f')) return yield* run(process)
  // Without -f it goes to the background, as a child of process 1.
  const daemon = machine.spawn(machine.processes.get(1) ?? process, argv, run)
  for (const fd of [0, 1, 2]) daemon.setFd(fd, null)
  daemon.cwd = process.cwd
  return 0
}

export const nginx: Program = function* (process, argv) {
  const { flags, values } = optionsOf(argv, 'vVtTqg:c:s:p:e:h?')
  const version = '1.21.6'
  if (flags.has('v') || flags.has('V')) {
    yield* process.warn(`nginx version: nginx/${version}\n`)
    return 0
  }
  if (flags.has('t')) {
    yield* process.warn(
      'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
    )
    return 0
  }
  const { machine } = process
  const sender = values.get('s')
  if (sender !== undefined) {
    const master = [...machine.processes.values()].find(
      ({ argv: words }) => words[0] === 'nginx: master process',
    )
    if (master === undefined)
      return yield* complain(
        process,
        'nginx',
        '[error] open() "/run/nginx.pid" failed (2: No such file or directory)',
      )
    machine.signal(master, sender === 'quit' ? 'QUIT' : sender === 'reload' ? 'HUP' : 'TERM')
    return 0
  }
  const { sandbox } = machine
  const directives = values.get('g') ?? ''
  const conf = process.files.peek('/etc/nginx/conf.d/default.conf')
  const text = conf?.kind === 'file' ? conf.text : ''
  const port = Number(/^\s*listen\s+(\d+)/m.exec(text)?.[1] ?? 80)
  const root = /^\s*root\s+([^;]+);/m.exec(text)?.[1] ?? '/usr/share/nginx/html'
  if (sandbox.ports.has(port)) {
    yield* process.warn(`nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address already in use)\n`)
    return 1
  }
  const serveAs = function* (self: Process): Task<number> {
    let told: 'TERM' | 'QUIT' | null = null
    for (const signal of ['TERM', 'INT', 'QUIT'] as const)
      self.handlers.set(signal, () => {
        told = signal === 'QUIT' ? 'QUIT' : 'TERM'
      })
    self.handlers.set('HUP', () => undefined)
    self.argv = ['nginx: master process', ...argv]
    const body = (status: number, reason: string) =>
      `<html>\r\n<head><title>${status} ${reason}</title></head>\r\n<body>\r\n<center><h1>${status} ${reason}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`
    const worker = machine.spawn(self, ['nginx: worker process'], function* () {
      for (;;) yield forever
    })
    worker.handlers.set('TERM', 'ignore')
    const lines: string[] = []
    sandbox.ports.set(port, {
      process: self,
      respond: (request) => {
        const response = serve(self, root, request, body)
        const now = machine.clock.nowMs()
        if (response.status === 404)
          lines.push(
            `\u0002${strftime('%Y/%m/%d %H:%M:%S', now)} [error] ${worker.pid}#${worker.pid}: *1 open() "${root}${request.path}" failed (2: No such file or directory), client: ${request.from}, server: localhost, request: "${request.method} ${request.path} HTTP/1.1", host: "${request.host}"\n`,
          )
        lines.push(
          `${request.from} - - [${strftime('%d/%b/%Y:%H:%M:%S %z', now)}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length} "-" "${request.agent}" "-"\n`,
        )
        self.news.open()
        return {
          ...response,
          headers: [
            ['Server', `nginx/${version}`],
            ['Date', strftime('%a, %d %b %Y %H:%M:%S GMT', now)],
            ...response.headers,
          ],
        }
      },
    })
    for (;;) {
      for (let line = lines.shift(); line !== undefined; line = lines.shift())
        if (line.startsWith('\u0002')) yield* self.warn(line.slice(1))
        else if (self.fds.has(1)) yield* self.out(line)
      if (told !== null) {
        machine.end(worker, { code: 0, signal: null })
        return 0
      }
      yield self.news.wait
    }
  }
  if (/daemon\s+off/.test(directives)) return yield* serveAs(process)
  machine.spawn(machine.processes.get(1) ?? process, argv, serveAs)
  return 0
}
