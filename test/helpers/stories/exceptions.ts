/**
 * What nobody promises, by lab, play and step, each with its reason.
 */
type Exceptions = Readonly<Record<string, string>>

/**
 * Steps that do two things in one breath: which of them a controller sees first is chance. Only what happens to each
 * pod and claim by itself has an order.
 */
const RACES: Exceptions = {
  'section2 old-pod-deleted-while-growing grow': 'asks for two more pods, and deletes an old one at once',
}

/** Steps that are judged while the set is still at it: how far it has come is chance. */
const CUT_OFF: Exceptions = {
  'mistake-4 back-to-five repair': 'asks for five where two are right, which no pod that comes up can mend',
}

export const racesOf = (lab: string, play: string): readonly string[] => stepsIn(RACES, lab, play)
export const cutOffIn = (lab: string, play: string): readonly string[] => stepsIn(CUT_OFF, lab, play)

function stepsIn(exceptions: Exceptions, lab: string, play: string): readonly string[] {
  const begin = `${lab} ${play} `
  return Object.keys(exceptions)
    .filter((each) => each.startsWith(begin))
    .map((each) => each.slice(begin.length))
}
