import { names } from '../content.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { lastPagesOfPod, whyNoPages } from '../pages.ts'
import { isJudgement, latestSeq } from '../subject.ts'
import { readySubjectOf } from './ready-pods.ts'
import type { StepCheck } from './step-check.ts'

const expected = 'every pod answers with a page that names it, and none of the others'

/** What is on a volume is one thing, and what a pod shows its readers another: it may serve from somewhere else. */
export const ownPage: StepCheck = {
  id: 'own-page',
  title: 'Each pod answers with a page of its own',
  hint: 'ask the pods themselves: which folder does the server read, and which volume is mounted there?',
  judge(evidence) {
    const subject = readySubjectOf(evidence, expected)
    if (isJudgement(subject)) return subject
    const { observations, pods } = subject
    const seqs: number[] = []
    for (const { name } of pods) {
      const pages = lastPagesOfPod(observations, name)
      const shown = pages.find((page) => page.pages === page.asked) ?? pages[0]
      if (shown === undefined) {
        const reason = whyNoPages(observations) ?? `${name} was not asked for a page`
        return inconclusive({ reason, expected, actual: 'no page to look at', evidence: [] })
      }
      const where = { expected, evidence: [latestSeq(observations, 'pods', name, Infinity), shown.seq] }
      const text = shown.text.trim().slice(0, 80)
      if (shown.pages < shown.asked)
        return fail({
          ...where,
          reason: `${name} does not answer on port ${shown.port}: ${text}`,
          actual: `no page of ${name}`,
        })
      const other = pods.find((pod) => pod.name !== name && names(shown.text, pod.name))
      if (other !== undefined || !names(shown.text, name)) {
        const whose = other === undefined ? 'a page that does not name it' : `the page of ${other.name}`
        return fail({
          ...where,
          reason: `${name} answers with ${whose}: "${text}"`,
          actual: `${whose} from ${name}`,
        })
      }
      seqs.push(shown.seq)
    }
    const all = listOf(pods.map(({ name }) => name))
    return pass({ reason: `${all}, each with its own`, expected, actual: 'own pages', evidence: seqs })
  },
}
