import type { z } from 'zod'
import { thereIsNo } from '../lab/nearest.ts'
import type { LabProblem } from '../lab/problem.ts'
import { type BrokenRule, readStrictly } from '../lab/strict-yaml.ts'
import { questionProblems } from './question-rules.ts'
import { planSchema, quizSchema, topicSchema } from './schema.ts'
import type { ExplainTopic, PlanPhase, QuizTopic, Study } from './study.ts'

/** A file under labs/study/, by its path from there: quiz/dns.yaml, topics/dns.yaml, plan.yaml. */
export interface StudyFile {
  readonly name: string
  readonly text: string
}

export interface ParsedStudy {
  /** What could be read. A file with a problem is left out. */
  readonly study: Study
  readonly problems: readonly LabProblem[]
}

/** The labs of the course, each with the ids of its steps. */
export type StudyLabs = ReadonlyMap<string, readonly string[]>

/**
 * Reads the study material strictly; every problem is reported at once.
 *
 * @param labs null: whether the labs that it refers to exist is not asked. Whoever only reads need not know.
 */
export function parseStudy(files: readonly StudyFile[], labs: StudyLabs | null = null): ParsedStudy {
  const problems: LabProblem[] = []
  const inOrder = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const read = <T>(
    folder: string,
    schema: z.ZodType<T>,
    rules: (value: T, name: string) => readonly BrokenRule[],
  ): T[] =>
    inOrder
      .filter(({ name }) => name.startsWith(folder))
      .flatMap(({ name, text }) => {
        const { value, problems: found } = readStrictly(text, name, schema, (each) => rules(each, name))
        problems.push(...found)
        return value === null ? [] : [value]
      })

  const taken = new Set<string>()
  const once = (id: string, path: BrokenRule['path']): BrokenRule[] => {
    if (taken.has(id)) return [{ path, message: `another is already called "${id}"` }]
    taken.add(id)
    return []
  }
  // Each is named as its file, so that a mistake in one is not told of all that refer to it.
  const named = (pattern: RegExp): string[] => inOrder.flatMap(({ name }) => pattern.exec(name)?.[1] ?? [])
  const readable = named(/^topics\/(.+)\.yaml$/)
  const asked = named(/^quiz\/(.+)\.yaml$/)
  const lab = (id: string, path: BrokenRule['path']): BrokenRule[] =>
    labs === null ? [] : known('lab', id, [...labs.keys()], path)
  const topics = read<ExplainTopic>('topics/', topicSchema, (topic, name) => [
    ...agree(name, topic.id, 'id'),
    ...[topic.id, ...topic.aliases].flatMap((word) => once(`topic ${word}`, ['id'])),
    ...topic.labs.flatMap((id, index) => lab(id, ['labs', index])),
    // Whoever reads topics alone has no quiz.
    ...(asked.length === 0
      ? []
      : topic.quiz.flatMap((id, index) => known('topic of the quiz', id, asked, ['quiz', index]))),
  ]).sort((a, b) => a.position - b.position)
  const quiz = read<QuizTopic>('quiz/', quizSchema, (file, name) => [
    ...agree(name, file.topic, 'topic'),
    ...known('topic of explain', file.read, readable, ['read']),
    ...(file.lab === null ? [] : lab(file.lab, ['lab'])),
    ...file.questions.flatMap((question, index) => [
      ...once(`question ${question.id}`, ['questions', index, 'id']),
      ...(question.read === null
        ? []
        : known('topic of explain', question.read, readable, ['questions', index, 'read'])),
      ...(question.lab === null ? [] : lab(question.lab, ['questions', index, 'lab'])),
      ...questionProblems(question).map((broken) => ({
        ...broken,
        path: ['questions', index, ...broken.path],
      })),
    ]),
  ])
  const questions = quiz.flatMap((each) => each.questions.map(({ id }) => id))
  const plan = read<{ phases: readonly PlanPhase[] }>('plan.yaml', planSchema, ({ phases }) =>
    phases.flatMap((phase, p) =>
      phase.groups.flatMap((group, g) =>
        group.items.flatMap((item, i) => {
          const path = ['phases', p, 'groups', g, 'items', i]
          return [
            ...once(`item ${item.id}`, [...path, 'id']),
            ...known('topic of explain', item.read, readable, [...path, 'read']),
            ...item.proofs.flatMap((proof, n) => {
              const at = [...path, 'proofs', n]
              if ('quiz' in proof) return known('topic of the quiz', proof.quiz, asked, at)
              if ('question' in proof) return known('question', proof.question, questions, at)
              if ('exam' in proof) return lab(proof.exam, at)
              if ('labs' in proof) return proof.labs.flatMap((id) => lab(id, at))
              const steps = labs?.get(proof.lab)
              return [
                ...lab(proof.lab, at),
                ...(steps === undefined
                  ? []
                  : proof.steps.flatMap((step) => known(`step of ${proof.lab}`, step, steps, at))),
              ]
            }),
          ]
        }),
      ),
    ),
  ).flatMap(({ phases }) => phases)
  return { study: { quiz, topics, plan }, problems }
}

/** File and id have to agree, as with labs: what is asked for by name is found by name. */
function agree(name: string, id: string, key: string): BrokenRule[] {
  const expected = name.replace(/^.*\//, '').replace(/\.yaml$/, '')
  return id === expected ? [] : [{ path: [key], message: `"${id}" belongs in ${id}.yaml` }]
}

function known(
  what: string,
  id: string,
  candidates: readonly string[],
  path: BrokenRule['path'],
): BrokenRule[] {
  return candidates.includes(id) ? [] : [{ path, message: thereIsNo(what, id, candidates) }]
}
