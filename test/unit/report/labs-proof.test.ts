import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../src/criteria/criterion.ts'
import { labsProofText } from '../../../src/report/labs-proof.ts'
import { labsProofJunit } from '../../../src/report/labs-proof-junit.ts'
import type { LabsProof, PlayProof } from '../../../src/result/labs-proof.ts'

const aPlay = (play: Partial<PlayProof>, verdicts: Readonly<Record<string, Verdict>> = {}): PlayProof => ({
  play: 'wrong',
  id: 'wrong',
  title: 'done wrong',
  outcome: 'proven',
  reasons: [],
  fails: [],
  mayFail: [],
  verdicts: Object.entries(verdicts).map(([id, verdict]) => ({ step: 'create', id, verdict, reason: '' })),
  namespace: 'tiny-abc',
  durationMs: 12_340,
  ...play,
})

const proof: LabsProof = {
  schemaVersion: 1,
  tool: { name: 'sts-lab', version: '0.1.0' },
  cluster: { context: 'c', server: 's', version: 'v1.31.0', provider: 'kind', simulated: false },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 61_000,
  summary: { proven: 3, refuted: 1, undecided: 1 },
  labs: [
    {
      lab: 'tiny',
      title: 'A tiny lab',
      mistakes: 3,
      plays: [
        aPlay({ play: 'unsolved', id: 'unsolved', title: 'nothing passes where nothing is done' }),
        aPlay({ play: 'solution', id: 'solution' }, { goal: 'pass', order: 'pass', 'claim/1': 'pass' }),
        aPlay(
          { id: 'killed', fails: ['order'] },
          { goal: 'pass', order: 'fail', dns: 'inconclusive', 'claim/1': 'fail' },
        ),
        aPlay(
          { id: 'survives', fails: ['order'], outcome: 'refuted', reasons: ['order does not fail'] },
          { goal: 'pass', order: 'pass' },
        ),
        aPlay({
          id: 'cut-short',
          fails: ['dns'],
          outcome: 'undecided',
          reasons: ['the API \u001b[31mserver is gone'],
        }),
      ],
    },
  ],
}

describe('the report on labs', () => {
  it('says that the cluster was a simulated one', () => {
    const simulated = { ...proof, cluster: { ...proof.cluster, simulated: true } }
    const text = labsProofText(simulated, { columns: 80, colour: false, unicode: true })
    expect(text).toContain('61 s on a simulated cluster: ')
    expect(labsProofJunit(simulated)).toContain('name="sts-lab labs test (simulated cluster)"')
  })

  it('shows what finds each mistake out, what does not, and why', () => {
    const text = labsProofText(proof, { columns: 80, colour: false, unicode: true })
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      'tiny  A tiny lab',
      '                          1  2  3',
      '  ✔ unsolved     12.3 s  nothing passes where nothing is done',
      '  ✔ solution     12.3 s  all 3 checks pass',
      '  ✔ killed       12.3 s   ·  ✘  ?',
      '  ✘ survives     12.3 s   ·  !',
      '      order does not fail',
      '  ? cut-short    12.3 s         !',
      '      the API \\x1b[31mserver is gone',
      '      1 goal   2 order   3 dns',
      '    ✘ fails, as named   · passes   ? not decided   ! not as named',
      '    never failed here: goal, dns',
      '',
      '5 plays in 61 s: 3 proven, 1 refuted, 1 undecided',
      '',
    ])
  })

  it('needs neither colour nor Unicode', () => {
    expect(labsProofText(proof, { columns: 80, colour: false, unicode: false })).toMatch(
      /^[\n\u0020-\u007e]*$/,
    )
  })

  it('says so of a lab that ships no mistake', () => {
    const plain = {
      ...proof,
      labs: proof.labs.map((lab) => ({ ...lab, mistakes: 0, plays: lab.plays.slice(0, 2) })),
    }
    expect(labsProofText(plain, { columns: 80, colour: false, unicode: true })).toContain(
      'no wrong solution: nothing shows that its checks can fail',
    )
  })

  it('is a test case for each play in JUnit, and undecided is never passed', () => {
    const xml = labsProofJunit(proof)
    expect(xml).toContain('<testsuite name="tiny" tests="5" failures="1" errors="1"')
    expect(xml).toContain('<failure message="order does not fail" type="refuted">')
    expect(xml).toContain('<error message=')
    expect(xml).not.toContain('\u001b')
  })
})
