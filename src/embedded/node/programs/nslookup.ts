import type { Answer, QuestionType } from '../net/cluster-dns.ts'
import { ask, candidates, resolvConf } from '../net/resolver.ts'
import { sleep, type Task } from '../os/fiber.ts'
import type { Program } from '../os/machine.ts'
import type { Process } from '../os/process.ts'

/**
 * busybox's nslookup. That of 1.28 asks through the C library, with the search domains; that of later versions asks
 * for the name as it is given, unless it has no dot: then for it in every search domain, and says what each answered.
 */
export const nslookup: Program = function* (process, argv) {
  const words = argv.slice(1)
  let type: QuestionType | null = null
  while (words[0]?.startsWith('-')) {
    const option = words.shift() ?? ''
    const asked = /^-(?:type|querytype|q)=(\w+)$/i.exec(option)?.[1]?.toUpperCase()
    if (asked === 'SRV' || asked === 'A' || asked === 'AAAA' || asked === 'PTR') type = asked
  }
  const [name, given] = words
  if (name === undefined) {
    yield* process.warn('Usage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n')
    return 1
  }
  const conf = resolvConf(process)
  const server = given ?? conf.nameserver
  const old = process.machine.version === '1.28'
  if (server === null || server !== process.machine.sandbox.network.dnsIp) {
    yield* sleep(process.machine.clock, 10_000)
    yield* process.out(';; connection timed out; no servers could be reached\n\n')
    return 1
  }
  return old ? yield* libraryStyle(process, name, server) : yield* wireStyle(process, name, server, type)
}

const serverName = (process: Process, server: string): string => {
  const [first] = ask(process, server, `${server.split('.').reverse().join('.')}.in-addr.arpa`, 'PTR').records
  return first?.type === 'PTR' ? ` ${first.target}` : ''
}

/** 1.28: one block for the server, one for the answer. */
function* libraryStyle(process: Process, name: string, server: string): Task<number> {
  yield* process.out(`Server:    ${server}\nAddress 1: ${server}${serverName(process, server)}\n\n`)
  for (const candidate of candidates(name, resolvConf(process))) {
    const ips = addresses(ask(process, server, candidate, 'A'))
    if (ips.length === 0) continue
    yield* process.out(`Name:      ${name}\n`)
    for (const [index, ip] of ips.entries()) {
      const [reverse] = ask(
        process,
        server,
        `${ip.split('.').reverse().join('.')}.in-addr.arpa`,
        'PTR',
      ).records
      yield* process.out(
        `Address ${index + 1}: ${ip}${reverse?.type === 'PTR' ? ` ${reverse.target}` : ''}\n`,
      )
    }
    return 0
  }
  yield* process.warn(`nslookup: can't resolve '${name}'\n`)
  return 1
}

/** Later: what each question brought, A and AAAA unless told otherwise. */
function* wireStyle(
  process: Process,
  asked: string,
  server: string,
  only: QuestionType | null,
): Task<number> {
  yield* process.out(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`)
  const types: readonly QuestionType[] = only === null ? ['A', 'AAAA'] : [only]
  const { search } = resolvConf(process)
  const names =
    asked.includes('.') || only === 'PTR' || search.length === 0
      ? [asked]
      : search.map((domain) => `${asked}.${domain}`)
  let failed = false
  for (const [type, name] of types.flatMap((each) => names.map((one) => [each, one] as const))) {
    const answer = ask(process, server, name, type)
    if (answer.code !== 'NOERROR') {
      yield* process.out(`** server can't find ${name.replace(/\.$/, '')}: ${answer.code}\n`)
      failed = true
    }
    for (const record of answer.records)
      switch (record.type) {
        case 'A':
          yield* process.out(`Name:\t${record.name}\nAddress: ${record.ip}\n`)
          break
        case 'CNAME':
          yield* process.out(`${record.name}\tcanonical name = ${record.target}\n`)
          break
        case 'SRV':
          yield* process.out(`${record.name}\tservice = 0 ${record.weight} ${record.port} ${record.target}\n`)
          break
        case 'PTR':
          yield* process.out(`${record.name}\tname = ${record.target}\n`)
      }
    yield* process.out('\n')
  }
  return failed ? 1 : 0
}

const addresses = (answer: Answer): readonly string[] =>
  answer.records.flatMap((record) => (record.type === 'A' ? [record.ip] : []))
