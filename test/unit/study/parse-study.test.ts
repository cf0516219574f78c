import { describe, expect, it } from 'vitest'
import { parseStudy, type StudyFile } from '../../../src/study/parse-study.ts'

const topic: StudyFile = {
  name: 'topics/dns.yaml',
  text: 'id: dns\nposition: 1\ntitle: DNS\nsummary: names\ntext: Names.\n',
}
const question = (rest: string): StudyFile => ({
  name: 'quiz/dns.yaml',
  text: `topic: dns\ntitle: DNS\nread: dns\nquestions:\n  - id: q\n    kind: think\n    ask: Why?\n    answer: Because of names.\n${rest}`,
})
const right = question('    accept: [names]\n')
const plan = (proof: string): StudyFile => ({
  name: 'plan.yaml',
  text: `phases:\n  - id: p\n    title: P\n    note: N\n    weeks: [1, 2]\n    groups:\n      - title: G\n        items:\n          - id: i\n            text: T\n            read: dns\n            proofs: [${proof}]\n`,
})
const problems = (...files: StudyFile[]): string[] =>
  parseStudy(files).problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)

describe('the study material', () => {
  it('is read when all of it is right', () => {
    expect(problems(topic, right, plan('{ question: q }'))).toEqual([])
    expect(parseStudy([topic, right, plan('{ quiz: dns }')]).study).toMatchObject({
      quiz: [{ topic: 'dns', questions: [{ id: 'q', level: 'basic', lab: null }] }],
      topics: [{ id: 'dns' }],
      plan: [{ id: 'p' }],
    })
  })

  it.each([
    ['no way to be judged', question(''), 'quiz/dns.yaml:7: needs one of "choices", "accept" and "points"'],
    [
      'no right choice',
      question(
        '    choices:\n      - { text: a, why: w }\n      - { text: b, why: w }\n      - { text: c, why: w }\n',
      ),
      'quiz/dns.yaml:10: none of the choices is right',
    ],
    [
      'only right choices',
      question(
        '    choices:\n      - { text: a, right: true, why: w }\n      - { text: b, right: true, why: w }\n      - { text: c, right: true, why: w }\n',
      ),
      'quiz/dns.yaml:10: all of the choices are right',
    ],
    [
      'a model answer that misses its own point',
      question('    points:\n      - { point: addresses, words: [address] }\n'),
      'quiz/dns.yaml:10: our own answer is judged to miss "addresses"',
    ],
    [
      'a key that nobody reads',
      question('    acept: [names]\n'),
      'quiz/dns.yaml:9: unknown key "acept": did you mean "accept"?',
    ],
  ])('refuses a question with %s, with its line', (_, file, expected) => {
    expect(problems(topic, file)).toEqual([expect.stringContaining(expected)])
  })

  it('refuses what leads nowhere, and says what was meant', () => {
    expect(problems({ ...topic, text: topic.text.replace('id: dns', 'id: dsn') }, right)).toEqual([
      'topics/dns.yaml:1: "dsn" belongs in dsn.yaml',
    ])
    expect(
      problems({ ...topic, name: 'topics/dn.yaml', text: topic.text.replace('id: dns', 'id: dn') }, right),
    ).toEqual(['quiz/dns.yaml:3: there is no topic of explain "dns": did you mean "dn"?'])
    expect(problems(topic, right, plan('{ quiz: dnss }'))).toEqual([
      'plan.yaml:12: there is no topic of the quiz "dnss": did you mean "dns"?',
    ])
    expect(problems({ ...topic, text: `${topic.text}quiz: [dsn]\n` }, right)).toEqual([
      'topics/dns.yaml:6: there is no topic of the quiz "dsn": did you mean "dns"?',
    ])
    expect(problems(topic, right, plan('{ question: r }'))).toEqual([
      expect.stringContaining('there is no question "r"'),
    ])
  })

  it('refuses labs and steps that there are not, where the course is known', () => {
    const labs = new Map([['section1', ['create', 'grow']]])
    const lost = (proof: string): string[] =>
      parseStudy([topic, right, plan(proof)], labs).problems.map(({ line, message }) => `${line}: ${message}`)
    expect(lost('{ lab: section1, steps: [grow] }')).toEqual([])
    expect(lost('{ lab: section1, steps: [grwo] }')).toEqual([
      '12: there is no step of section1 "grwo": did you mean "grow"?',
    ])
    expect(lost('{ exam: section2 }')).toEqual(['12: there is no lab "section2": did you mean "section1"?'])
    expect(problems(topic, right, plan('{ exam: section2 }'))).toEqual([])
  })

  it('refuses two questions with one id', () => {
    const twice = { ...right, text: `${right.text}${right.text.slice(right.text.indexOf('  - id'))}` }
    expect(problems(topic, twice)).toEqual([
      expect.stringContaining('another is already called "question q"'),
    ])
  })
})
