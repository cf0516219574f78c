import { describe, expect, it } from 'vitest'
import { parseLab } from '../../../src/lab/parse-lab.ts'
import { formatProblem } from '../../../src/lab/problem.ts'

const GOOD = `id: tiny
title: Tiny
version: 1
summary: a lab
minutes: 5
guidance: full
namespace: lab
statefulSet: web
steps:
  - id: create
    part: '1.1'
    title: Create
    explain: words
    action:
      do: apply
      manifests: [set.yaml]
    until:
      see: ready
      replicas: 3
    checks: [pod-naming]
    hints: [look]
  - id: grow
    part: '1.2'
    title: Grow
    explain: words
    needs: create
    phase: grow
    action:
      do: scale
      replicas: 5
    until:
      see: ready
      replicas: 5
    checks: [ordered-scale-up]
    hints: [look]
`
const surroundings = {
  criteria: ['pod-naming', 'ordered-scale-up'],
  checks: ['update-strategy'],
  manifests: () => ['set.yaml', 'service.yaml'],
}
const problems = (text: string) =>
  parseLab(text, 'tiny.yaml', surroundings).problems.map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )

describe('a lab file', () => {
  it('that is right gives a lab in which nothing is missing', () => {
    const { lab, problems: none } = parseLab(GOOD, 'tiny.yaml', surroundings)
    expect(none).toEqual([])
    expect(lab?.steps[1]).toMatchObject({
      needs: 'create',
      resumeFrom: null,
      before: [],
      timeoutSeconds: 300,
    })
  })

  it.each([
    [
      'an unknown key',
      ['title: Create', 'titel: Create'],
      ['12:5 unknown key "titel": did you mean "title"?', '10:5 "title" is missing'],
    ],
    ['a missing key', ['    explain: words\n    action', '    action'], ['10:5 "explain" is missing']],
    ['a wrong type', ['version: 1', 'version: one'], ['3:10 must be a number, not "one"']],
    [
      'an unknown word',
      ['do: scale', 'do: scael'],
      [
        '29:11 unknown "scael" for "do": did you mean "scale"? (one of apply, delete-pod, scale, set-image, delete, fill, write, wait, several)',
      ],
    ],
    ['an empty hint', ['hints: [look]\n  - id', 'hints: [""]\n  - id'], ['21:13 must not be empty']],
    [
      'a check that does not exist',
      ['[pod-naming]', '[pod-namings]'],
      ['20:14 there is no check "pod-namings": did you mean "pod-naming"?'],
    ],
    [
      'a manifest that does not exist',
      ['[set.yaml]', '[sets.yaml]'],
      ['16:19 there is no file in manifests/tiny/ "sets.yaml": did you mean "set.yaml"?'],
    ],
    ['an id used twice', ['id: grow', 'id: create'], ['22:9 another step is already called "create"']],
    [
      'a step that builds on a later one',
      ["part: '1.1'", "part: '1.1'\n    needs: grow"],
      ['12:12 there is no earlier step "grow"'],
    ],
    [
      'an action nobody can see the end of',
      ['    until:\n      see: ready\n      replicas: 5\n', ''],
      [
        '29:7 an action needs an "until": what the watch has to show',
        '27:12 a phase needs an "until": it would never end',
      ],
    ],
    [
      'an action without a hint',
      ['    hints: [look]\n  - id', '  - id'],
      ['15:7 a step that asks for something needs hints'],
    ],
  ])('with %s is refused with the place and what was meant', (_, [from, to], expected) => {
    expect(GOOD).toContain(from)
    expect(problems(GOOD.replace(from as string, to as string)).sort()).toEqual([...expected].sort())
  })

  it('shows all its problems at once, in the order of the file', () => {
    const spoilt = GOOD.replace('minutes: 5', 'minutes: many')
      .replace('guidance: full', 'guidance: fully')
      .replace("'1.2'", '1.2')
    expect(problems(spoilt)).toEqual([
      '5:10 must be a number, not "many"',
      '6:11 unknown "fully" for "guidance": did you mean "full"? (one of full, light, semi, fix, none)',
      '23:11 must be a string, not the number 1.2',
    ])
  })

  it('that is not YAML says where', () => {
    expect(problems('id: tiny\ntitle: [')[0]).toMatch(/^2:\d+ not valid YAML: /)
  })

  it('with a question lacks no answer', () => {
    const spoilt = GOOD.replace(
      '    hints: [look]\n  - id',
      '    questions:\n      - ask: why?\n    hints: [look]\n  - id',
    )
    expect(problems(spoilt)).toEqual(['22:9 "answer" is missing'])
  })

  it('never lets a step delete a namespace by name', () => {
    const spoilt = GOOD.replace(
      '      do: scale\n      replicas: 5\n',
      '      do: delete\n      objects:\n        - kind: Namespace\n          name: other\n',
    )
    expect(problems(spoilt)).toEqual([
      "31:11 only the lab's own namespace is ever deleted: leave out name and selector",
    ])
  })
})

it('a problem is shown with its line and a caret under the place', () => {
  const [problem] = parseLab(GOOD.replace('version: 1', 'version: one'), 'tiny.yaml', surroundings).problems
  expect(problem && formatProblem(problem)).toBe(
    'tiny.yaml:3:10: must be a number, not "one"\n    3 | version: one\n                 ^',
  )
})
