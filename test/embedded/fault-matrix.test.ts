import { describe, expect, it } from 'vitest'
import type { Misdeed } from '../../src/embedded/controllers/misdeeds.ts'
import type { ToldEvent } from '../../src/embedded/http/faults.ts'
import type { Observation } from '../../src/timeline/observation.ts'
import type { StudentSet } from '../e2e/support/student-set.ts'
import { type Judged, judged, type Story } from './support/judged.ts'
import { onPractice } from './support/practice.ts'

const verdictsOf = ({ failed, undecided }: Judged) => ({ failed, undecided })

/** And which it leaves undecided. */
const MISDEEDS: readonly (readonly [Misdeed, readonly number[], readonly number[]])[] = [
  ['creates-at-once', [2, 7], []],
  ['creates-backwards', [2, 7], []],
  ['deletes-at-once', [8], []],
  ['deletes-forwards', [8], []],
  ['deletes-claims', [9, 10], []],
  ['loses-volumes', [6, 9, 10], []],
  // What no pod mounts nobody reads.
  ['shares-claims', [3, 6, 10], [4]],
  ['swaps-claims', [6, 10], []],
  ['forgets-hostnames', [1, 5], []],
]

describe('a right set', () => {
  it('passes on a cluster that keeps its promises', async () => {
    expect(verdictsOf(await judged())).toEqual({ failed: [], undecided: [] })
  })

  it.concurrent.each(MISDEEDS)(
    'on one that %s fails the criteria %j, and no other',
    async (misdeed, failed, undecided) => {
      expect(verdictsOf(await judged({ misdeeds: [misdeed] }))).toEqual({ failed, undecided })
    },
  )
})

describe('section 1', () => {
  it.concurrent.each([
    ['creates-at-once', 'sequential-creation'],
    ['deletes-claims', 'pvc-retention'],
  ] as const)('does not pass on a cluster that %s', async (misdeed, check) => {
    const { code, stdout } = await onPractice({ misdeeds: new Set([misdeed]) }, ({ cli }) =>
      cli('start', 'section1', '--yes'),
    )
    expect(stdout).toMatch(new RegExp(`FAIL  [a-z-]+: ${check}$`, 'm'))
    expect(code).toBe(1)
  })
})

describe('a right set, beside the controller,', () => {
  it('fails criterion 5 where DNS goes on to give the address of the pod that is gone', async () => {
    const kept = { dnsTtlS: { records: 100_000 } }
    expect(verdictsOf(await judged({ cluster: kept }))).toEqual({ failed: [5], undecided: [] })
  })

  it('fails criterion 7 where an old pod is made anew while the set grows', async () => {
    const wire = ({ client, when }: Story) =>
      when(isAdded('web-3'), () => {
        const pod = client.get('pods', 'here', 'web-0')
        if (pod !== null) client.remove('pods', pod)
      })
    expect(verdictsOf(await judged({ wire }))).toEqual({ failed: [7], undecided: [] })
  })
})

const LATER = ['replace', 'grow', 'shrink', 'regrow']
const isAdded = (name: string) => (each: Observation) =>
  each.stream === 'pods' && each.type === 'added' && each.object.name === name
const isReady = ({ object }: ToldEvent) => JSON.stringify(object).includes('"type":"Ready","status":"True"')
const answers = (code: number, reason: string) =>
  ({ kind: 'status', code, reason, message: 'a bad day' }) as const

interface Fault {
  readonly wire: (story: Story) => void
  /** What a right set may be left undecided about, and what the reasons then name. */
  readonly undecided?: readonly number[]
  readonly names?: RegExp
  readonly hurry?: number
}

/** What happens between the run and the server. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'all watches are cut, again and again': {
    wire: ({ at, when, faults }) => {
      for (const phase of LATER) at(phase, () => faults.cutWatches())
      when(isAdded('web-3'), () => faults.cutWatches())
    },
  },
  'the pods have to be listed anew in the middle of growing': {
    wire: ({ when, faults }) => when(isAdded('web-3'), () => faults.expireWatches('pods')),
    undecided: [7],
    names: /interrupted/,
  },
  'the server is away for a second': {
    wire: ({ at, faults, after }) =>
      at('shrink', () => {
        const back = faults.goAway()
        after(1_000, back)
      }),
  },
  'each event is told twice': { wire: ({ faults }) => faults.repeatEvents(2) },
  'requests are refused for a while': {
    wire: ({ at, faults }) => {
      at('replace', () => faults.add({ times: 3, fault: answers(503, 'ServiceUnavailable') }))
      at('shrink', () => faults.add({ times: 3, fault: answers(429, 'TooManyRequests') }))
    },
  },
  'a request ends in an error of the server': {
    wire: ({ at, faults }) =>
      at('grow', () => faults.add({ times: 1, fault: answers(500, 'InternalError') })),
    undecided: [2, 7, 8, 9, 10],
    names: /a bad day/,
  },
  'events come out of order': {
    wire: ({ at, faults }) => {
      at('grow', () => faults.reorderEvents(2))
      at('shrink', () => faults.reorderEvents(0))
    },
    undecided: [7, 8, 9],
    names: /interrupted|lost something/,
    hurry: 8,
  },
  'the watch loses that a pod is ready': {
    wire: ({ faults }) =>
      void faults.loseEvents((told) => told.resource === 'pods' && told.name === 'web-3' && isReady(told)),
    undecided: [7, 8],
    names: /interrupted|lost something/,
    hurry: 8,
  },
  'the watch loses that a pod is gone': {
    wire: ({ faults }) => void faults.loseEvents(({ name, type }) => name === 'web-3' && type === 'DELETED'),
    undecided: [8],
    names: /lost something/,
    hurry: 8,
  },
  'the watch of the claims goes silent': {
    wire: ({ at, faults }) => at('shrink', () => faults.stallWatches('persistentvolumeclaims')),
    undecided: [9, 10],
    names: /interrupted/,
    hurry: 8,
  },
  'commands break off half way': {
    wire: ({ faults }) => void faults.add({ path: /\/exec$/, fault: { kind: 'cut-after', bytes: 100 } }),
    undecided: [4, 5, 6, 10],
    names: /broke|could not be reached/,
  },
  'the end of what commands print is lost': {
    wire: ({ faults }) => void faults.add({ path: /\/exec$/, fault: { kind: 'lose-after', bytes: 100 } }),
    undecided: [4, 5, 6, 10],
    names: /cut short|did not answer/,
  },
}

/** Sets and clusters that are wrong, and the criteria they break. */
const WRONG: Readonly<
  Record<
    string,
    { readonly set?: StudentSet; readonly misdeeds?: readonly Misdeed[]; readonly breaks: number[] }
  >
> = {
  'starts and stops in parallel': { set: { set: { podManagementPolicy: 'Parallel' } }, breaks: [2, 7, 8] },
  'writes its identity anew': {
    set: { script: 'echo "Pod: $HOSTNAME, $(date +%s%N)" >/data/id' },
    breaks: [6, 10],
  },
  'has a service that balances': { set: { clusterIP: '' }, breaks: [5] },
  'keeps what it writes in the container': {
    set: { templates: null, pod: { volumes: [{ name: 'data', emptyDir: {} }] } },
    breaks: [3, 4, 6, 10],
  },
  'has its claims deleted': { misdeeds: ['deletes-claims'], breaks: [9, 10] },
  'has pods without hostnames': { misdeeds: ['forgets-hostnames'], breaks: [1, 5] },
  'has pods created at once': { misdeeds: ['creates-at-once'], breaks: [2, 7] },
  'has pods deleted forwards': { misdeeds: ['deletes-forwards'], breaks: [8] },
}

/** Each fault with what it could hide best: that is where it would have a wrong set pass. */
const PAIRS: readonly (readonly [wrong: string, fault: string])[] = [
  ['has its claims deleted', 'the watch of the claims goes silent'],
  ['has its claims deleted', 'the server is away for a second'],
  ['has pods created at once', 'the watch loses that a pod is ready'],
  ['has pods created at once', 'events come out of order'],
  ['has pods deleted forwards', 'the watch loses that a pod is gone'],
  ['starts and stops in parallel', 'the pods have to be listed anew in the middle of growing'],
  ['writes its identity anew', 'the end of what commands print is lost'],
  ['keeps what it writes in the container', 'commands break off half way'],
  ['has a service that balances', 'requests are refused for a while'],
  ['has pods without hostnames', 'all watches are cut, again and again'],
]

describe('while something goes wrong on the wire', () => {
  it.concurrent.each(Object.entries(FAULTS))('a right set fails nothing when %s', async (_, fault) => {
    const { failed, undecided, reasons } = await judged(fault)
    expect(failed, reasons.join('\n')).toEqual([])
    expect(undecided.filter((number) => fault.undecided?.includes(number) !== true)).toEqual([])
    for (const reason of reasons) expect(reason).toMatch(fault.names ?? /^$/)
  })

  it.concurrent.each(PAIRS)('a set that %s passes none of what it breaks when %s', async (name, faulty) => {
    const wrong = WRONG[name]
    const fault = FAULTS[faulty]
    if (wrong === undefined || fault === undefined) throw new Error(`${name}, ${faulty}: not in the tables`)
    const { set, misdeeds = [], breaks } = wrong
    const { failed, undecided, reasons } = await judged({ ...fault, misdeeds, ...(set && { set }) })
    expect(
      failed.filter((number) => !breaks.includes(number)),
      reasons.join('\n'),
    ).toEqual([])
    expect(breaks.filter((number) => ![...failed, ...undecided].includes(number))).toEqual([])
  })
})
