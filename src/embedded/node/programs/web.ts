import type { HttpResponse } from '../net/network.ts'
import { addressOf } from '../net/resolver.ts'
import { sleep, type Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'
import { complain, optionsOf } from './options.ts'

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
