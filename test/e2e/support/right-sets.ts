import { describe, expect, it } from 'vitest'
import { applyYaml } from './apply-yaml.ts'
import { inNamespace } from './namespace.ts'
import { LABELS } from './student-set.ts'
import { ALL_PASS, expectVerdicts, inventory, verifyIn } from './verify.ts'

/** Sets that are right, each in its own way: a wrong fail is the next worst thing to a wrong pass. */
export function thesePass(rightSets: Readonly<Record<string, string>>): void {
  for (const [what, yaml] of Object.entries(rightSets))
    describe(`a right set that ${what}`, () => {
      const namespace = inNamespace('right')

      it('passes all ten and is left as it was found', async () => {
        await applyYaml(namespace.api, namespace.name, yaml)
        const verified = await verifyIn(namespace.name)
        expectVerdicts(verified, ALL_PASS)
        expect(verified.result.summary).toMatchObject({ passed: 10, score: 10, maxScore: 10 })
        const after = await inventory(namespace.api, namespace.name)
        expect(after.pods).toEqual(['web-0', 'web-1', 'web-2'])
        expect(after.claims.filter((name) => /-[34]$/.test(name))).toEqual([])
        expect(after.configMaps).toEqual([])
        expect(after.set?.spec).toMatchObject({ replicas: 3, selector: { matchLabels: LABELS } })
      })
    })
}
