import { describe, expect, it } from 'vitest'
import { lintLab } from '../../../../src/lab/lint/lint.ts'
import { parseLab } from '../../../../src/lab/parse-lab.ts'

const LAB = `id: tiny
title: Tiny
version: 1
summary: a lab
minutes: 5
guidance: semi
namespace: lab
statefulSet: web
steps:
  - id: fill
    part: '1'
    title: Fill
    explain: The service is {blank.service}.
    action:
      do: fill
      file: set.yaml
      blanks:
        - id: service
          at: spec.serviceName
          ask: Which service?
          accept:
            - { is: one-of, values: [web], say: no }
          hints: [look]
          solution: web
    until: { see: ready, replicas: 2 }
    checks: [pod-naming]
    claims:
      - says: two pods
        proof: { check: goal }
    look: [kubectl get pods]
    conclusion: done
    questions:
      - ask: how many?
        answer: Two pods.
        points:
          - { point: two, words: [two] }
    hints: [look]
  - id: grow
    part: '2'
    title: Grow
    explain: words
    needs: fill
    phase: grow
    action: { do: scale, replicas: 3 }
    until: { see: ready, replicas: 3 }
    checks: [ordered-scale-up]
    questions:
      - ask: which?
        answer: The first.
        choices:
          - { text: first, right: true, why: yes it is }
          - { text: second, why: not so }
    hints: [look]
wrong:
  - id: other-service
    title: another service
    fills: { service: other }
    upTo: fill
    fails: [blank/service]
  - id: other-image
    title: another image
    manifests: wrong/other-image
    instead:
      grow: { do: scale, replicas: 4 }
    fails: [goal, ordered-scale-up]
`
const SET = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
  namespace: lab
spec:
  serviceName: ____
  replicas: 2
  template:
    spec:
      containers:
        - name: web
          image: busybox:1.36
`
const FILES = { 'set.yaml': SET, 'wrong/other-image/set.yaml': SET.replace('1.36', '1.28') }
const surroundings = {
  criteria: ['pod-naming', 'ordered-scale-up'],
  checks: ['update-strategy'],
  manifests: () => Object.keys(FILES),
}

/** What is said of a lab and its files: each as the text that it points at, and the message. */
function problems(lab: string, files: Readonly<Record<string, string>> = FILES): string[] {
  const parsed = parseLab(lab, 'tiny.yaml', surroundings)
  expect(parsed.problems).toEqual([])
  if (parsed.lab === null) return []
  const manifests = new Map(Object.entries(files).map(([name, text]) => [name, { shown: name, text }]))
  const file = { name: 'tiny.yaml', text: lab }
  return lintLab({ lab: parsed.lab, file, manifests, constraints: ['storage'] }).map(
    ({ file: where, column, text, message }) => `${where}: ${text.slice(column - 1)} <- ${message}`,
  )
}

it('a lab that is right has no problem', () => {
  expect(problems(LAB)).toEqual([])
})

describe('a lab is told of', () => {
  it.each([
    [
      'a claim by a check that the step does not have',
      ['proof: { check: goal }', 'proof: { check: goals }'],
      'tiny.yaml: goals } <- there is no check of the step "goals": did you mean "goal"?',
    ],
    [
      'a look that is no kubectl line',
      ['look: [kubectl get pods]', 'look: [ls]'],
      'tiny.yaml: ls] <- is not a kubectl line',
    ],
    [
      'a blank in a text that there is not',
      ['{blank.service}', '{blank.servise}'],
      'tiny.yaml: The service is {blank.servise}. <- there is no blank "servise": did you mean "service"?',
    ],
    [
      'a model answer that misses its own point',
      ['answer: Two pods.', 'answer: Some pods.'],
      'tiny.yaml: Some pods. <- the model answer itself misses the point "two"',
    ],
    [
      'a point that every answer has',
      ['words: [two]', "words: ['x*']"],
      "tiny.yaml: 'x*'] } <- is found in every answer",
    ],
    [
      'choices of which none is right',
      ['right: true, ', ''],
      'tiny.yaml: - { text: first, why: yes it is } <- no choice is right',
    ],
    [
      'choices of which none is wrong',
      ['{ text: second, why', '{ text: second, right: true, why'],
      'tiny.yaml: - { text: first, right: true, why: yes it is } <- no choice is wrong: there is nothing to choose',
    ],
    [
      'the same choice twice',
      ['text: second', 'text: first'],
      'tiny.yaml: { text: first, why: not so } <- the choice "first" is there twice',
    ],
    [
      'an accepted empty answer',
      ['        points:\n          - { point: two, words: [two] }', "        accept: ['x*']"],
      "tiny.yaml: 'x*'] <- accepts an empty answer",
    ],
    [
      'a blank that is none in the file',
      ['at: spec.serviceName', 'at: spec.replicas'],
      'tiny.yaml: spec.replicas <- set.yaml has no blank at "spec.replicas"',
    ],
    [
      'a solution that breaks its own rules',
      ['values: [web]', 'values: [net]'],
      'tiny.yaml: web <- does not pass: no',
    ],
    [
      'a place in a file that there is not',
      ['{ is: one-of, values: [web], say: no }', "{ is: same-as, places: ['other.yaml#kind'], say: no }"],
      'tiny.yaml: \'other.yaml#kind\'], say: no } <- no step has the file "other.yaml"',
    ],
    [
      'a phase that is there twice',
      ["    part: '1'\n", "    part: '1'\n    phase: grow\n"],
      'tiny.yaml: grow <- an earlier step has the phase "grow" already: the criteria could not tell them apart',
    ],
    [
      'a wrong solution named as another play',
      ['- id: other-service', '- id: solution'],
      'tiny.yaml: solution <- "solution" is the name of another play',
    ],
    [
      'two wrong solutions of one name',
      ['- id: other-image', '- id: other-service'],
      'tiny.yaml: other-service <- another wrong solution is already called "other-service"',
    ],
    [
      'a wrong solution that does nothing else',
      ['    fills: { service: other }\n', ''],
      'tiny.yaml: id: other-service <- does nothing else than the lab: it has no "manifests", no "instead" and no "fills"',
    ],
    [
      'a wrong solution up to a step that there is not',
      ['upTo: fill', 'upTo: fil'],
      'tiny.yaml: fil <- there is no step "fil": did you mean "fill"?',
    ],
    [
      'something else done in a step that there is not',
      ['      grow: { do', '      grew: { do'],
      'tiny.yaml: { do: scale, replicas: 4 } <- there is no step "grew": did you mean "grow"?',
    ],
    [
      'something else done in a step that is not played',
      ['    manifests: wrong/other-image\n', '    manifests: wrong/other-image\n    upTo: fill\n'],
      'tiny.yaml: { do: scale, replicas: 4 } <- step "grow" comes after "upTo": it is not played',
    ],
    [
      'a wrong value for a blank that there is not',
      ['fills: { service', 'fills: { servant'],
      'tiny.yaml: other } <- there is no blank in the steps played "servant"',
    ],
    [
      'a wrong value that is accepted',
      ['fills: { service: other }', 'fills: { service: web }'],
      'tiny.yaml: web } <- "web" is accepted there, so it is no mistake',
    ],
    [
      'a folder of wrong manifests that is empty',
      ['wrong/other-image\n', 'wrong/other-images\n'],
      'tiny.yaml: wrong/other-images <- there is no file in manifests/tiny/wrong/other-images/',
    ],
    [
      'a check that nothing judges up to there',
      ['fails: [blank/service]', 'fails: [ordered-scale-up]'],
      'tiny.yaml: ordered-scale-up] <- there is no check in the steps played "ordered-scale-up"',
    ],
    [
      'a check named twice',
      ['fails: [goal, ordered-scale-up]', 'fails: [goal, goal]'],
      'tiny.yaml: goal] <- "goal" is there twice',
    ],
  ] as const)('%s', (_, [from, to], expected) => {
    expect(LAB).toContain(from)
    expect(problems(LAB.replace(from, to))).toContain(expected)
  })

  it('a conclusion that nothing proves', () => {
    const read = LAB.replace(
      / {4}action: \{ do: scale[\s\S]*?checks: \[ordered-scale-up\]\n/,
      '    conclusion: so it is\n',
    )
      .replace('    phase: grow\n', '')
      .replace(/ {2}- id: other-image[\s\S]*/, '')
    expect(problems(read)).toEqual([
      'tiny.yaml: so it is <- nothing proves it: the step has no "until", no check and no claim',
    ])
  })

  it('a blank of a file that it does not describe', () => {
    const files = { ...FILES, 'set.yaml': SET.replace('replicas: 2', 'replicas: ____') }
    expect(problems(LAB, files)).toContain(
      'tiny.yaml: - id: service <- the blank at "spec.replicas" of set.yaml is not described',
    )
  })

  it('a wrong manifest that takes the place of none', () => {
    const files = { ...FILES, 'wrong/other-image/sets.yaml': SET }
    expect(problems(LAB, files)).toContain(
      'tiny.yaml: wrong/other-image <- wrong/other-image/sets.yaml takes the place of no file of the lab',
    )
  })

  it('a lab without guidance that nothing shows to be solvable', () => {
    const exam = LAB.slice(0, LAB.indexOf('steps:')).replace('semi', 'none\ncriteria: [pod-naming]')
    expect(problems(exam)).toEqual([
      'tiny.yaml: none <- a lab without guidance needs a "solution", or nothing proves that it can be solved',
    ])
    expect(problems(`${exam}solution: [sets.yaml]\n`)).toEqual([
      'tiny.yaml: sets.yaml] <- there is no file in manifests/tiny/ "sets.yaml": did you mean "set.yaml"?',
    ])
  })
})

describe('a manifest is told of', () => {
  it.each([
    ['what is not YAML', ['  serviceName: ____', '  serviceName: [____'], /^set.yaml: .* <- not valid YAML/],
    ['a missing kind', ['kind: StatefulSet\n', ''], 'set.yaml: apiVersion: apps/v1 <- "kind" is missing'],
    ['a missing name', ['  name: web\n', ''], 'set.yaml: metadata: <- "metadata.name" is missing'],
    [
      'a kind that is nearly one',
      ['kind: StatefulSet', 'kind: Statefulset'],
      'set.yaml: kind: Statefulset <- there is no kind "Statefulset": did you mean "StatefulSet"?',
    ],
    [
      'another apiVersion than its kind has',
      ['apps/v1', 'v1'],
      'set.yaml: apiVersion: v1 <- a StatefulSet has the apiVersion apps/v1',
    ],
    [
      'a namespace that is not the lab’s',
      ['namespace: lab', 'namespace: default'],
      'set.yaml: namespace: default <- "metadata.namespace" has to be the lab\'s: lab',
    ],
    [
      'no namespace',
      ['  namespace: lab\n', ''],
      'set.yaml: metadata: <- "metadata.namespace" has to be the lab\'s: lab',
    ],
    [
      'an unknown field',
      ['  replicas: 2', '  replica: 2'],
      'set.yaml: replica: 2 <- unknown field "replica": did you mean "replicas"?',
    ],
    [
      'an unknown field of a container',
      ['          image:', '          imgae:'],
      'set.yaml: imgae: busybox:1.36 <- unknown field "imgae": did you mean "image"?',
    ],
    ['having no object', [SET, '# nothing\n'], 'set.yaml: # nothing <- there is no object in this file'],
  ] as const)('%s', (_, [from, to], expected) => {
    expect(SET).toContain(from)
    const found = problems(LAB, { ...FILES, 'set.yaml': SET.replace(from, to) }).filter((each) =>
      each.startsWith('set.yaml'),
    )
    if (typeof expected === 'string') expect(found).toContain(expected)
    else expect(found.some((each) => expected.test(each))).toBe(true)
  })

  it('kinds that are not known here are taken as they are', () => {
    const ingress =
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec: { rules: [] }\n'
    expect(problems(LAB, { ...FILES, 'ingress.yaml': ingress })).toEqual([])
  })
})
