import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { criteria } from '../../../src/criteria/index.ts'
import { stepChecks } from '../../../src/criteria/step-checks/index.ts'
import { findLab, readCatalogue } from '../../../src/lab/catalogue.ts'
import { formatProblem } from '../../../src/lab/problem.ts'

const files = readdirSync('labs')
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(`labs/${name}`, 'utf8') }))
const catalogue = readCatalogue(files, {
  criteria: criteria.map(({ id }) => id),
  checks: stepChecks.map(({ id }) => id),
  manifests: (lab) => readdirSync(`manifests/${lab}`, { recursive: true, encoding: 'utf8' }),
})

describe('the labs of the project', () => {
  it('are valid', () => {
    expect(catalogue.problems.map(formatProblem)).toEqual([])
    expect(catalogue.labs.map(({ id }) => id)).toContain('section1')
  })

  it('have eleven parts in section 1, in order', () => {
    const parts = findLab(catalogue, 'section1').steps.map(({ part }) => part)
    expect([...new Set(parts)]).toEqual(Array.from({ length: 11 }, (_, index) => `1.${index + 1}`))
  })

  it('check in section 1 every criterion', () => {
    const used = new Set(findLab(catalogue, 'section1').steps.flatMap(({ checks }) => checks))
    expect(criteria.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([])
  })

  it('use every step check somewhere', () => {
    const used = new Set(
      catalogue.labs.flatMap(({ steps }) => steps.flatMap(({ checks, shows }) => [...checks, ...shows])),
    )
    expect(stepChecks.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([])
  })

  it('judge section 3 by all ten criteria', () => {
    expect(findLab(catalogue, 'section3').criteria).toEqual(criteria.map(({ id }) => id))
  })

  it('are found by a name that is nearly right', () => {
    expect(() => findLab(catalogue, 'sektion3')).toThrowError(
      expect.objectContaining({ code: 'unknown-lab', hint: 'sts-lab start section3' }),
    )
  })
})
