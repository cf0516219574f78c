import { usageError } from '../../errors.ts'
import { EXIT, type ExitCode } from '../../exit-codes.ts'
import { nearestWord, searchTopics } from '../../study/search.ts'
import type { ExplainTopic } from '../../study/study.ts'
import { foundPage, topicList, topicPage } from '../explain-pages.ts'
import type { Services } from '../services.ts'
import { readStudy, unknownTopic } from '../study.ts'

export interface ExplainFlags {
  readonly topic: string | undefined
  /** Words to look for, as they were typed. */
  readonly search?: readonly string[]
}

/** `sts-lab explain [topic] [--search words]`: something to read, without a cluster. */
export async function explain(flags: ExplainFlags, services: Services): Promise<ExitCode> {
  const { terminal } = services
  const { topics } = await readStudy(services, 'topics')
  // `explain --search claims volumes` and `explain claims --search volumes` both mean what they say.
  if (flags.search !== undefined) {
    const within = flags.topic === undefined ? topics : [topicNamed(flags.topic, topics)]
    terminal.out(searched(wordsOf(flags.search), within, services))
  } else
    terminal.out(
      flags.topic === undefined
        ? topicList(topics, terminal)
        : topicPage(topicNamed(flags.topic, topics), terminal),
    )
  return EXIT.passed
}

const wordsOf = (typed: readonly string[]): string[] =>
  typed.flatMap((each) => each.split(/\s+/)).filter((word) => word !== '')

function searched(words: readonly string[], topics: readonly ExplainTopic[], services: Services): string {
  if (words.length === 0)
    throw usageError('no-words', '--search needs a word', 'sts-lab explain --search claim')
  const found = searchTopics(topics, words)
  if (found.length > 0) return foundPage(found, words, services.terminal)
  const meant = words.map((word) =>
    searchTopics(topics, [word]).length > 0 ? word : nearestWord(topics, word),
  )
  const better = meant.every((word) => word !== null) ? meant.join(' ') : null
  const differs = better !== null && better !== words.join(' ')
  throw usageError(
    'nothing-found',
    `nothing is said about "${words.join(' ')}"${differs ? `: did you mean "${better}"?` : words.length > 1 ? ' in one topic' : ''}`,
    differs ? `sts-lab explain --search ${better}` : 'sts-lab explain lists the topics',
  )
}

/** By id or alias, in full or by a beginning that only one has. @throws LabError 'unknown-topic' (usage). */
function topicNamed(name: string, topics: readonly ExplainTopic[]): ExplainTopic {
  const word = name.toLowerCase()
  const exact = topics.find(({ id, aliases }) => id === word || aliases.includes(word))
  if (exact !== undefined) return exact
  const begun = topics.filter(({ id, aliases }) => [id, ...aliases].some((each) => each.startsWith(word)))
  const [only] = begun
  if (only !== undefined && begun.length === 1 && word.length > 2) return only
  const ids = topics.map(({ id }) => id)
  const aliases = topics.flatMap((topic) => topic.aliases)
  throw unknownTopic('topic', name, ids, aliases, (meant) =>
    meant !== name
      ? `sts-lab explain ${meant}`
      : searchTopics(topics, [name]).length > 0
        ? `sts-lab explain --search ${name}`
        : 'sts-lab explain lists the topics',
  )
}
