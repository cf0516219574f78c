import type { PlanItem, PlanPhase, PlanProof } from './study.ts'

/** What was done and proven, asked for by proof. */
export interface Done {
  /** The steps were done and every check passed; no steps: the whole lab. */
  lab(lab: string, steps: readonly string[]): boolean
  exam(lab: string): boolean
  quiz(topic: string): boolean
  question(id: string): boolean
  ticked(item: string): boolean
}

export interface PlanStanding {
  readonly phases: readonly PhaseStanding[]
  readonly done: number
  readonly items: number
  /** The first item that is not done; null: all are. */
  readonly next: ItemStanding | null
}

export interface PhaseStanding {
  readonly phase: PlanPhase
  readonly items: readonly ItemStanding[]
}

export interface ItemStanding {
  readonly item: PlanItem
  /** What ticked it; null: not done. */
  readonly by: PlanProof | 'hand' | null
  /** The command to type for it. */
  readonly command: string
}

/** The learning plan with each item ticked that something proves. */
export function planStanding(plan: readonly PlanPhase[], done: Done): PlanStanding {
  const phases = plan.map((phase) => ({
    phase,
    items: phase.groups.flatMap(({ items }) => items.map((item) => standingOf(item, done))),
  }))
  const all = phases.flatMap(({ items }) => items)
  return {
    phases,
    done: all.filter(({ by }) => by !== null).length,
    items: all.length,
    next: all.find(({ by }) => by === null) ?? null,
  }
}

function standingOf(item: PlanItem, done: Done): ItemStanding {
  const proof = item.proofs.find((each) => proves(each, done)) ?? null
  const by = proof ?? (item.proofs.length === 0 && done.ticked(item.id) ? 'hand' : null)
  return { item, by, command: commandFor(item) }
}

function proves(proof: PlanProof, done: Done): boolean {
  if ('lab' in proof) return done.lab(proof.lab, proof.steps)
  if ('labs' in proof) return proof.labs.every((lab) => done.lab(lab, []))
  if ('exam' in proof) return done.exam(proof.exam)
  if ('quiz' in proof) return done.quiz(proof.quiz)
  return done.question(proof.question)
}

/** The command to type for an item. */
export function commandFor({ proofs, read }: PlanItem): string {
  const [first] = proofs
  return first === undefined ? `sts-lab explain ${read}` : proofCommand(first)
}

/** What to type to get this proof. */
function proofCommand(proof: PlanProof): string {
  if ('lab' in proof) return `sts-lab start ${proof.lab}`
  if ('labs' in proof) return `sts-lab start ${proof.labs[0] ?? ''}`
  if ('exam' in proof) return `sts-lab start ${proof.exam}`
  return 'quiz' in proof ? `sts-lab quiz ${proof.quiz}` : `sts-lab quiz --question ${proof.question}`
}

/** A proof in few words, for a list. */
export function proofName(proof: PlanProof): string {
  if ('lab' in proof) return proof.steps.length === 0 ? proof.lab : `${proof.lab} (${proof.steps.join(', ')})`
  if ('labs' in proof) return proof.labs.join(', ')
  if ('exam' in proof) return `exam ${proof.exam}`
  return 'quiz' in proof ? `quiz ${proof.quiz}` : `question ${proof.question}`
}
