import { describe, expect, it } from 'vitest'
import { applyYaml } from './apply-yaml.ts'
import { inNamespace } from './namespace.ts'
import { expectVerdicts, type verdictsOf, verifyIn } from './verify.ts'

export interface WrongSet {
  readonly yaml: string
  readonly expected: Omit<ReturnType<typeof verdictsOf>, 'code'>
  /** Must stand in the reason of a failure, constraint or criterion. */
  readonly reason: RegExp
}

/** A test per set: exactly these criteria and constraints fail, exactly these are undecided, and it says why. */
export function theseFail(wrongSets: Readonly<Record<string, WrongSet>>): void {
  for (const [what, wrong] of Object.entries(wrongSets))
    describe(`a set that ${what}`, () => {
      const namespace = inNamespace('wrong')

      it('fails exactly where it should', async () => {
        await applyYaml(namespace.api, namespace.name, wrong.yaml)
        const verified = await verifyIn(namespace.name)
        expectVerdicts(verified, { ...wrong.expected, code: 1 })
        const failures = [...verified.result.constraints, ...verified.result.criteria].filter(
          ({ verdict }) => verdict === 'fail',
        )
        const said = failures.map((failure) => `${failure.reason} ${'hint' in failure ? failure.hint : ''}`)
        expect(said.join('\n')).toMatch(wrong.reason)
      })
    })
}
