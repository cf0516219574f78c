import type { ClaimFacts, StatefulSetFacts } from '../timeline/facts.ts'
import { claimName, expectedPodNames, ordinalOf } from '../timeline/state.ts'

/** Names of the claims that the set's present pods use: `<template>-<pod>`, for each pod and template. */
export const usedClaimNames = (set: StatefulSetFacts): string[] =>
  expectedPodNames(set).flatMap((pod) => set.claimTemplates.map(({ name }) => claimName(name, pod)))

/** Every claim that one of the set's templates ever named, whatever its number. */
export const claimsNamedBy = (set: StatefulSetFacts, claims: Iterable<ClaimFacts>): ClaimFacts[] =>
  [...claims].filter(({ name }) =>
    set.claimTemplates.some(
      (template) =>
        name.startsWith(`${template.name}-`) &&
        ordinalOf(set.name, name.slice(template.name.length + 1)) !== null,
    ),
  )

/** The same where the set, and with it the names of its templates, may be gone: `<anything>-<set>-<number>`. */
export const claimsLeftBy = (set: string, claims: Iterable<ClaimFacts>): ClaimFacts[] =>
  [...claims].filter(({ name }) => {
    const at = name.lastIndexOf(`-${set}-`)
    return at > 0 && ordinalOf(set, name.slice(at + 1)) !== null
  })
