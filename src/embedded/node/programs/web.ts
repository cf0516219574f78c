import type { HttpRequest, HttpResponse } from '../net/network.ts'
import { addressOf } from '../net/resolver.ts'
import { sleep, type Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { complain, optionsOf } from './options.ts'
import { strftime } from './strftime.ts'

const forever: () => () => void = () => () => undefined
const CONNECT_MS = 3_000

type Got =
  | { readonly ok: true; readonly response: HttpResponse }
  | { readonly ok: false; readonly why: 'name' | 'refused' | 'lost' }

/** A request as a pod makes it. */
function* request(
  process: Process,
  url: URL,
  method: string,
  agent: string,
  timeoutMs: number,
): Task<Got & { readonly ip: string }> {
  const ip = addressOf(process, url.hostname)
  if (ip === null) return { ok: false, why: 'name', ip: '' }
  const { sandbox } = process.machine
  const reached = sandbox.network.reach(sandbox, ip, Number(url.port === '' ? 80 : url.port))
  if (reached.how === 'lost') {
    yield* sleep(process.machine.clock, Math.min(CONNECT_MS, timeoutMs))
    return { ok: false, why: 'lost', ip }
  }
  if (reached.how === 'refused') return { ok: false, why: 'refused', ip }
  const response = reached.listener.respond({
    method,
    path: `${url.pathname}${url.search}`,
    host: url.host,
    agent,
    from: sandbox.ip,
  })
  return { ok: true, response, ip }
}

function urlOf(text: string): URL | null {
  try {
    return new URL(/^[a-z]+:\/\//.test(text) ? text : `http://${text}`)
  } catch {
    return null
  }
}

export const wget: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'cqSO:o:T:t:U:P:Y:s', {
    spider: 's',
    quiet: 'q',
    timeout: 'T',
    tries: 't',
  })
  const [text = ''] = operands
  const url = urlOf(text)
  if (url === null) return yield* complain(process, 'wget', `bad address '${text}'`)
  const quiet = flags.has('q')
  const port = url.port === '' ? '80' : url.port
  const got = yield* request(process, url, 'GET', 'Wget', Number(values.get('T') ?? 900) * 1000)
  if (!got.ok && got.why === 'name') return yield* complain(process, 'wget', `bad address '${url.hostname}'`)
  if (!quiet) yield* process.warn(`Connecting to ${url.host} (${got.ip}:${port})\n`)
  if (!got.ok) {
    if (got.why === 'lost' && values.has('T')) return yield* complain(process, 'wget', 'download timed out')
    return yield* complain(
      process,
      'wget',
      `can't connect to remote host (${got.ip}): ${got.why === 'refused' ? 'Connection refused' : 'No route to host'}`,
    )
  }
  const { status, reason, body, headers } = got.response
  if (flags.has('S'))
    yield* process.warn(
      `  HTTP/1.1 ${status} ${reason}\n${headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')}  \n`,
    )
  if (status >= 400)
    return yield* complain(process, 'wget', `server returned error: HTTP/1.1 ${status} ${reason}`)
  if (flags.has('s')) {
    if (!quiet) yield* process.warn('remote file exists\n')
    return 0
  }
  const target = values.get('O') ?? (url.pathname.split('/').at(-1) || 'index.html')
  if (target === '-') {
    if (!quiet) yield* process.warn('writing to stdout\n')
    yield* process.out(body)
  } else {
    if (!quiet) yield* process.warn(`saving to '${target}'\n`)
    if (!values.has('O') && process.files.peek(target, process.cwd) !== null)
      return yield* complain(process, 'wget', `can't open '${target}': File exists`)
    const handle = process.files.open(
      target,
      process.cwd,
      { write: true, create: true, truncate: true, mode: 0o666 & ~process.umask },
      process,
    )
    yield* handle.write(body)
    handle.close()
  }
  if (!quiet)
    yield* process.warn(
      `${(target === '-' ? '-' : target).padEnd(20)} 100% |${'*'.repeat(32)}| ${String(body.length).padStart(5)}  0:00:00 ETA\n${target === '-' ? 'written to stdout' : `'${target}' saved`}\n`,
    )
  return 0
}

export const curl: Program = function* (process, argv) {
  const { flags, values, operands } = optionsOf(argv, 'sSfILvo:m:w:H:X:k', {
    silent: 's',
    fail: 'f',
    head: 'I',
    output: 'o',
    'max-time': 'm',
    'show-error': 'S',
    location: 'L',
  })
  const url = urlOf(operands[0] ?? '')
  if (url === null) return yield* complain(process, 'curl', '(3) URL rejected', 3)
  const got = yield* request(
    process,
    url,
    flags.has('I') ? 'HEAD' : 'GET',
    'curl/7.74.0',
    Number(values.get('m') ?? 130) * 1000,
  )
  const told = !flags.has('s') || flags.has('S')
  if (!got.ok) {
    const [code, text] =
      got.why === 'name'
        ? [6, `Could not resolve host: ${url.hostname}`]
        : got.why === 'refused'
          ? [7, `Failed to connect to ${url.hostname} port ${url.port || 80}: Connection refused`]
          : [28, 'Connection timed out']
    if (told) yield* process.warn(`curl: (${code}) ${text}\n`)
    return Number(code)
  }
  const { status, reason, headers, body } = got.response
  if (flags.has('f') && status >= 400) {
    if (told) yield* process.warn(`curl: (22) The requested URL returned error: ${status}\n`)
    return 22
  }
  const shown = flags.has('I')
    ? `HTTP/1.1 ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    : body
  const file = values.get('o')
  if (file === undefined) yield* process.out(shown)
  else {
    const handle = process.files.open(
      file,
      process.cwd,
      { write: true, create: true, truncate: true },
      process,
    )
    yield* handle.write(shown)
    handle.close()
  }
  yield* process.out(
    (values.get('w') ?? '').replaceAll('%{http_code}', String(status)).replaceAll('\\n', '\n'),
  )
  return 0
}

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

export const ping: Program = function* (process, argv) {
  const { values, operands } = optionsOf(argv, 'c:W:w:qi:4')
  const [name = ''] = operands
  const ip = addressOf(process, name)
  if (ip === null) return yield* complain(process, 'ping', `bad address '${name}'`)
  const { sandbox, clock } = process.machine
  yield* process.out(`PING ${name} (${ip}): 56 data bytes\n`)
  const count = Number(values.get('c') ?? Number.POSITIVE_INFINITY)
  let received = 0
  let sent = 0
  for (; sent < count; sent += 1) {
    if (sent > 0) yield* sleep(clock, 1000)
    if (sandbox.network.reach(sandbox, ip, 0).how !== 'refused') continue
    received += 1
    yield* process.out(`64 bytes from ${ip}: seq=${sent} ttl=64 time=0.060 ms\n`)
  }
  yield* process.out(
    `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${Math.round(((sent - received) / Math.max(1, sent)) * 100)}% packet loss\n`,
  )
  return received > 0 ? 0 : 1
}

export const nc: Program = function* (process, argv) {
  const { flags, operands } = optionsOf(argv, 'zvw:lp:n')
  const [host = '', port = ''] = operands
  if (flags.has('l')) for (;;) yield forever
  const ip = addressOf(process, host)
  if (ip === null) return yield* complain(process, 'nc', `bad address '${host}'`)
  const { sandbox } = process.machine
  const reached = sandbox.network.reach(sandbox, ip, Number(port))
  if (reached.how === 'open') {
    if (flags.has('v')) yield* process.warn(`${host} (${ip}:${port}) open\n`)
    return 0
  }
  if (reached.how === 'lost') yield* sleep(process.machine.clock, CONNECT_MS)
  return yield* complain(
    process,
    'nc',
    `can't connect to remote host (${ip}): ${reached.how === 'refused' ? 'Connection refused' : 'No route to host'}`,
  )
}
