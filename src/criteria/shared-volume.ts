import { readings } from './content.ts'
import type { Judgement } from './criterion.ts'
import { fail } from './judgement.ts'
import type { Subject } from './subject.ts'

/**
 * Cross-check with our own tokens: one that we wrote to another claim and find here shows that both lie on
 * the same storage, whatever the volumes are called. Tokens of earlier runs prove nothing and are ignored.
 */
export function sharedVolume({ observations }: Subject): Judgement[] | null {
  const written = observations.flatMap((each) =>
    each.type === 'action' && each.action.do === 'write-token' ? [{ ...each.action, seq: each.seq }] : [],
  )
  for (const reading of readings(observations, 'content')) {
    for (const content of Object.values(reading.tokens)) {
      const writes = written.filter((each) => each.token === content.trim() && each.seq < reading.seq)
      const foreign = writes.find((each) => each.claim !== reading.claim)
      // The same token on several claims says nothing.
      if (foreign === undefined || writes.some((each) => each.claim === reading.claim)) continue
      return [
        fail({
          reason: `what was written to ${foreign.claim} (${foreign.pod}) also shows up on ${reading.claim} (${reading.pod}): they share one volume`,
          expected: 'a volume of its own for each claim',
          actual: 'a shared volume',
          evidence: [foreign.seq, reading.seq],
        }),
      ]
    }
  }
  return null
}
