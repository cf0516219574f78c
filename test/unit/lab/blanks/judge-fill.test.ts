import { describe, expect, it } from 'vitest'
import {
  changed,
  filled,
  judge,
  SERVICE,
  SET,
  section2,
  solution,
  template,
  wrongIn,
} from './section2-files.ts'

const verdicts = (file: string, text: string): string[] =>
  judge(file, text).blanks.map(({ verdict }) => verdict)

describe('a file with blanks', () => {
  it('is open everywhere when it is handed out', () => {
    expect(new Set(verdicts(SERVICE, template(SERVICE)))).toEqual(new Set(['open']))
    expect(verdicts(SET, template(SET))).toHaveLength(10)
    expect(new Set(verdicts(SET, template(SET)))).toEqual(new Set(['open']))
    expect(judge(SET, template(SET)).right).toBe(false)
  })

  it.each([SERVICE, SET])('is right with our own solution: %s', (file) => {
    expect(judge(file, solution(file))).toMatchObject({ right: true, mistake: null, problems: [], notes: [] })
  })

  it('keeps its comments when it is filled', () => {
    expect(solution(SET)).toContain('serviceName: web-headless # Which service')
    expect(solution(SET).match(/#/g)).toEqual(template(SET).match(/#/g))
  })

  it('counts a blank that was emptied as open', () => {
    for (const nothing of ['', '""', '~', '____'])
      expect(judge(SET, filled(SET, { 'service-name': nothing })).blanks[0]?.verdict).toBe('open')
    expect(judge(SET, changed(SET, '[ReadWriteOnce]', '[]')).blanks[8]?.verdict).toBe('open')
  })

  it('says where a blank stands, with the line as it is written', () => {
    const [clusterIp] = judge(SERVICE, filled(SERVICE, { 'cluster-ip': '10.0.0.1' })).blanks
    expect(clusterIp).toMatchObject({ line: 10, column: 14, verdict: 'wrong', value: '10.0.0.1' })
    expect(clusterIp?.text).toMatch(/^ {2}clusterIP: 10\.0\.0\.1 #/)
    expect(clusterIp?.reason).toContain('no address at all')
  })
})

describe('a right answer in an unusual spelling', () => {
  it.each([
    ['double quotes', SERVICE, filled(SERVICE, { 'cluster-ip': '"None"' })],
    ['single quotes', SERVICE, filled(SERVICE, { 'cluster-ip': "'None'" })],
    [
      'a folded text',
      SERVICE,
      changed(SERVICE, 'None # Which value makes a service headless?', '>-\n    None'),
    ],
    ['a tag', SERVICE, filled(SERVICE, { 'cluster-ip': '!!str None' })],
    ['a map in one line', SERVICE, changed(SERVICE, 'selector:\n    app: web', 'selector: { app: web }')],
    ['another indentation', SERVICE, changed(SERVICE, 'selector:\n    app:', 'selector:\n        app:')],
    ['Windows line ends', SERVICE, solution(SERVICE).replaceAll('\n', '\r\n')],
    ['a document marker', SERVICE, `---\n${solution(SERVICE)}`],
    ['a list in several lines', SET, changed(SET, '[ReadWriteOnce]', '\n          - ReadWriteOnce')],
    ['a number in hexadecimal', SET, filled(SET, { 'container-port': '0x50' })],
    ['an anchor and an alias', SET, filled(SET, { 'set-selector': '&l web', 'pod-label': '*l' })],
    ['gibibytes', SET, filled(SET, { storage: '0.1Gi' })],
    ['bytes', SET, filled(SET, { storage: '104857600' })],
    ['megabytes', SET, filled(SET, { storage: '"200M"' })],
    ['an exponent', SET, filled(SET, { storage: '1e8' })],
    ['another name of the volume', SET, filled(SET, { 'volume-mount': 'www', 'claim-template': 'www' })],
  ])('passes: %s', (_spelling, file, text) => {
    expect(judge(file, text).right).toBe(true)
  })

  it('passes with another label, as long as it is the same in all three places', () => {
    const service = filled(SERVICE, { 'service-selector': 'shop.v2' })
    const set = filled(SET, { 'set-selector': 'shop.v2', 'pod-label': 'shop.v2' })
    expect(judge(SERVICE, service).right).toBe(true)
    expect(judge(SET, set, service).right).toBe(true)
    expect(wrongIn(judge(SET, solution(SET), service))).toEqual(['set-selector', 'pod-label'])
  })
})

describe('a wrong answer', () => {
  const mistakes = section2.wrong.filter(({ fills }) => Object.keys(fills).length > 0)

  it.each(mistakes)('is found out, and nothing else with it: $title', ({ fills, fails, upTo }) => {
    const file = upTo === 'service' ? SERVICE : SET
    const judgement = judge(file, filled(file, fills))
    expect(wrongIn(judgement).map((id) => `blank/${id}`)).toEqual(fails)
  })

  it('is known of every blank', () => {
    const known = new Set(mistakes.flatMap(({ fails }) => fails))
    const blanks = section2.steps.flatMap(({ action }) => (action?.do === 'fill' ? action.blanks : []))
    expect(blanks.map(({ id }) => `blank/${id}`).filter((id) => !known.has(id))).toEqual([])
  })

  const reason = (id: string, value: string): string | null | undefined =>
    judge(SET, filled(SET, { [id]: value })).blanks.find(({ blank }) => blank.id === id)?.reason

  it.each([
    ['replicas', '"3"', /quotes.*number/],
    ['replicas', 'three', /whole number/],
    ['replicas', '2', /Counting begins at 0/],
    ['set-selector', 'yes', /in headless-service\.yaml has "web"/],
    ['container-port-name', '80', /put it in quotes.*number 80/],
    ['container-port-name', '"80"', /at least one letter/],
    ['container-port-name', '“http”', /typographic/],
    ['claim-template', '___data', /lower-case/],
    ['claim-template', 'data_______', /underscores left/],
    ['claim-template', '{a: b}', /not a list or a map/],
    ['storage', '100MB', /"100MB" is not a quantity/],
    ['storage', '100 Mi', /without a space/],
    ['storage', '100', /That is 100 bytes, which is too little/],
    ['storage', '1Ti', /That is 1Ti\./],
    ['access-mode', 'ReadWriteOncePod', /1\.22/],
    ['access-mode', 'readwriteonce', /one node at a time/],
  ])('says why: %s: %s', (id, value, why) => {
    expect(reason(id, value)).toMatch(why)
  })

  it('is told of the odd one out, not of what it differs from', () => {
    expect(wrongIn(judge(SET, filled(SET, { 'set-selector': 'wbe' })))).toEqual(['set-selector'])
    expect(wrongIn(judge(SET, filled(SET, { 'pod-label': 'wbe' })))).toEqual(['pod-label'])
  })
})

describe('a key that is not where it belongs', () => {
  const found = (from: string, to: string) =>
    judge(SET, changed(SET, from, to)).blanks.find(({ verdict }) => verdict === 'wrong')

  it('is missed', () => {
    expect(found('  replicas: 3 # How many pods?\n', '')?.reason).toBe(
      'The key "replicas" is missing under "spec".',
    )
  })

  it('is found where a slip of the space bar put it', () => {
    expect(found('    storage: 100Mi', '  storage: 100Mi')?.reason).toBe(
      'The key "storage" is missing under "spec.volumeClaimTemplates.0.spec.resources.requests".' +
        ' It stands under "spec.volumeClaimTemplates.0.spec.resources" now: look at the indentation.',
    )
  })

  it('is told to have no space after its colon where that makes it a text', () => {
    expect(found('      app: web # Which pods', '      app:web # Which pods')?.reason).toMatch(
      /space after the colon: "app: web"/,
    )
  })

  it('is told to be a list where one is wanted', () => {
    expect(found('[ReadWriteOnce]', 'ReadWriteOnce')?.reason).toMatch(
      /A list belongs here: \[ReadWriteOnce\]/,
    )
  })
})

describe('what was changed outside of the blanks', () => {
  it('may be the namespace, when the lab is done in that one', () => {
    const text = changed(SERVICE, 'namespace: statefulset-lab', 'namespace: mine')
    expect(judge(SERVICE, text).right).toBe(false)
    expect(judge(SERVICE, text, undefined, ['mine'])).toMatchObject({ right: true, notes: [] })
  })

  it.each([
    ['name: web-headless', 'name: other', 'name has to stay'],
    ['kind: Service', 'kind: Deployment', 'kind has to stay'],
    ['apiVersion: v1', 'apiVersion: v2', 'apiVersion has to stay'],
    ['  namespace: statefulset-lab\n', '', 'namespace has to be statefulset-lab'],
  ])('stands against applying it when it makes another object of it: %s', (from, to, message) => {
    const judgement = judge(SERVICE, changed(SERVICE, from, to))
    expect(judgement.right).toBe(false)
    expect(judgement.problems[0]?.message).toContain(message)
  })

  it.each([
    ['port: 80', 'port: 8080', '"spec.ports.0.port" was changed (was: 80)', 14],
    [
      '    - port: 80\n',
      '    - port: 80\n      protocol: TCP\n',
      '"spec.ports.0.protocol" was not there before',
      15,
    ],
    [
      '  ports:\n    - port: 80\n      name: http',
      '  ports:\n    - name: http',
      '"spec.ports.0.port" is gone (was: 80)',
      14,
    ],
  ])('is told, and allowed: %s', (from, to, message, line) => {
    const judgement = judge(SERVICE, changed(SERVICE, from, to))
    expect(judgement.right).toBe(true)
    expect(judgement.notes).toMatchObject([{ message, line }])
  })
})
