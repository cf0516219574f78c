import type { z } from 'zod'
import { nearest } from '../lab/nearest.ts'
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

/** Reads the study material strictly; every problem is reported at once. */
export function parseStudy(files: readonly StudyFile[]): ParsedStudy {
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
  const topics = read<ExplainTopic>('topics/', topicSchema, (topic, name) => [
    ...agree(name, topic.id, 'id'),
    ...[topic.id, ...topic.aliases].flatMap((word) => once(`topic ${word}`, ['id'])),
  ]).sort((a, b) => a.position - b.position)
  const readable = topics.map(({ id }) => id)
  const quiz = read<QuizTopic>('quiz/', quizSchema, (file, name) => [
    ...agree(name, file.topic, 'topic'),
    ...known('topic of explain', file.read, readable, ['read']),
    ...file.questions.flatMap((question, index) => [
      ...once(`question ${question.id}`, ['questions', index, 'id']),
      ...(question.read === null
        ? []
        : known('topic of explain', question.read, readable, ['questions', index, 'read'])),
      ...questionProblems(question).map((broken) => ({
        ...broken,
        path: ['questions', index, ...broken.path],
      })),
    ]),
  ])
  const asked = quiz.map(({ topic }) => topic)
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
              return 'question' in proof ? known('question', proof.question, questions, at) : []
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
  if (candidates.includes(id)) return []
  const meant = nearest(id, candidates)
  const guess = meant === null ? '' : `: did you mean "${meant}"?`
  return [{ path, message: `there is no ${what} "${id}"${guess}` }]
}
