import { describe, expect, it } from 'vitest'
import { clusterDomain, parseAnswer } from '../../../src/run/dns-probe.ts'

const NAME = 'web-0.web-svc.lab.svc.cluster.local'
const lines = (...all: string[]) => `${all.join('\n')}\n`

const statusOf = (text: string) => parseAnswer(text).status
const addressesOf = (text: string) => parseAnswer(text).addresses

describe('an answer with addresses', () => {
  it('is read from the nslookup of busybox 1.28, which numbers addresses and prints names behind them', () => {
    const text = lines(
      'Server:    10.96.0.10',
      'Address 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local',
      '',
      `Name:      ${NAME}.`,
      `Address 1: 10.244.0.5 ${NAME}`,
      `Address 2: fd00::5 ${NAME}`,
    )
    expect(parseAnswer(text)).toMatchObject({ status: 'answered', addresses: ['10.244.0.5', 'fd00::5'] })
  })

  it('is read from the nslookup of busybox 1.36 although it says that there is no AAAA record', () => {
    const text = lines(
      'Server:\t\t10.96.0.10',
      'Address:\t10.96.0.10:53',
      '',
      `Name:\t${NAME}`,
      'Address: 10.244.0.5',
      '',
      `*** Can't find ${NAME}: No answer`,
      '',
    )
    expect(parseAnswer(text)).toMatchObject({ status: 'answered', addresses: ['10.244.0.5'] })
  })

  it('is read whichever of A and AAAA came first', () => {
    const text = lines(
      'Server:\t\t10.96.0.10',
      'Address:\t10.96.0.10:53',
      '',
      `*** Can't find ${NAME}: No answer`,
      '',
      `Name:\t${NAME}`,
      'Address: 10.244.0.5',
    )
    expect(addressesOf(text)).toEqual(['10.244.0.5'])
  })

  it('holds every address of a service, each once', () => {
    const text = lines(
      'Server:\t\t10.96.0.10',
      'Address:\t10.96.0.10#53',
      '',
      'Name:\tweb-svc.lab.svc.cluster.local',
      'Address: 10.244.0.5',
      'Name:\tweb-svc.lab.svc.cluster.local',
      'Address: 10.244.0.6',
      'Name:\tweb-svc.lab.svc.cluster.local',
      'Address: 10.244.0.5',
    )
    expect(addressesOf(text)).toEqual(['10.244.0.5', '10.244.0.6'])
  })

  it('never holds the address of the DNS server', () => {
    const text = lines('Server:\t\t10.96.0.10', 'Address:\t10.96.0.10#53', '', `Name:\t${NAME}`)
    expect(addressesOf(text)).toEqual([])
    const bare = lines('Server:\t\t10.96.0.10', 'Address: 10.96.0.10', '', "** server can't find x: NXDOMAIN")
    expect(addressesOf(bare)).toEqual([])
  })

  it('is read where only IPv6 is there', () => {
    const text = lines(
      'Server:\t\tfd00:10:96::a',
      'Address:\t[fd00:10:96::a]:53',
      '',
      `*** Can't find ${NAME}: No answer`,
      '',
      `Name:\t${NAME}`,
      'Address: fd00:10:244::5',
    )
    expect(parseAnswer(text)).toMatchObject({ status: 'answered', addresses: ['fd00:10:244::5'] })
  })

  it('is read from getent, which prints each address three times', () => {
    const text = lines(`10.244.0.5      STREAM ${NAME}.`, '10.244.0.5      DGRAM', '10.244.0.5      RAW')
    expect(parseAnswer(text)).toMatchObject({ status: 'answered', addresses: ['10.244.0.5'] })
  })
})

describe('an answer without addresses', () => {
  it.each([
    ['bind and busybox 1.36', `** server can't find ${NAME}: NXDOMAIN`],
    ['busybox 1.28', `nslookup: can't resolve '${NAME}.': Name does not resolve`],
    ['no record of either kind', `*** Can't find ${NAME}: No answer`],
  ])('is "none" where the name is not there: %s', (_, said) => {
    const text = lines('Server:\t\t10.96.0.10', 'Address:\t10.96.0.10:53', '', said)
    expect(parseAnswer(text)).toMatchObject({ status: 'none', addresses: [] })
  })

  it('is "none" where getent found nothing', () => {
    expect(statusOf('NXDOMAIN\n')).toBe('none')
  })

  it.each([
    [`** server can't find ${NAME}: SERVFAIL`],
    [`** server can't find ${NAME}: REFUSED`],
    [';; connection timed out; no servers could be reached'],
    [`nslookup: can't resolve '${NAME}.': Try again`],
    ['nslookup: write to 10.96.0.10: Connection refused'],
  ])('is "failed" where the server did not answer the question: %s', (said) => {
    expect(statusOf(lines('Server:\t\t10.96.0.10', 'Address:\t10.96.0.10:53', '', said))).toBe('failed')
  })

  it('is "failed" where one record kind is absent and the other was not answered', () => {
    expect(statusOf(lines(`*** Can't find ${NAME}: No answer`, ';; connection timed out'))).toBe('failed')
  })

  it('is "failed" where nothing was printed, or no tool was there to ask', () => {
    expect(statusOf('')).toBe('failed')
    expect(statusOf('--run1-- no-tool\n')).toBe('failed')
    expect(parseAnswer(null)).toEqual({
      status: 'failed',
      addresses: [],
      text: 'the probe printed no answer',
    })
  })

  it('is quoted without control characters', () => {
    expect(parseAnswer('\u001b[31mNXDOMAIN\u0007').text).not.toMatch(/\p{Cc}/u)
  })
})

describe('the domain of the cluster', () => {
  it('is what follows the namespace in the search list', () => {
    const text = lines(
      'nameserver 10.96.0.10',
      'search lab.svc.cluster.local svc.cluster.local cluster.local',
    )
    expect(clusterDomain(text, 'lab')).toBe('cluster.local')
  })

  it('may be another than cluster.local, and may end with a dot', () => {
    expect(clusterDomain('search lab.svc.k8s.example.org. svc.k8s.example.org.', 'lab')).toBe(
      'k8s.example.org',
    )
  })

  it('is not taken from another namespace whose name ends alike, nor from a comment', () => {
    expect(clusterDomain('search my-lab.svc.cluster.local', 'lab')).toBeNull()
    expect(clusterDomain('# search lab.svc.cluster.local', 'lab')).toBeNull()
    expect(clusterDomain('', 'lab')).toBeNull()
  })
})
