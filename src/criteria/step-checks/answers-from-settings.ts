import { readings } from '../content.ts'
import { fail, inconclusive, listOf, pass } from '../judgement.ts'
import { beginOfReading, lastPagesOfPod, whyNoPages } from '../pages.ts'
import { isJudgement, latestSeq } from '../subject.ts'
import { readySubjectOf } from './ready-pods.ts'
import type { StepCheck } from './step-check.ts'

const expected = 'every pod answers with what a setting of its ConfigMap says'

/** That a program runs does not show that it has its settings: what it answers with does. */
export const answersFromSettings: StepCheck = {
  id: 'answers-from-settings',
  title: 'Each pod answers with what its settings say',
  hint: 'the settings belong into the ConfigMap that the set names, under the key that the program reads; the program stays as it is',
  judge(evidence) {
    const subject = readySubjectOf(evidence, expected)
    if (isJudgement(subject)) return subject
    const { observations, pods } = subject
    const settings = readings(observations, 'settings', beginOfReading(observations))
    const seqs: (number | null)[] = []
    for (const { name, configMaps } of pods) {
      const podSeq = latestSeq(observations, 'pods', name, Infinity)
      if (configMaps.length === 0) {
        const reason = `${name} takes no settings: its template names no ConfigMap`
        return fail({ reason, expected, actual: `${name} without settings`, evidence: [podSeq] })
      }
      const pages = lastPagesOfPod(observations, name)
      const [first] = pages
      const own = settings.filter(({ configMap }) => configMaps.includes(configMap))
      if (first === undefined || own.length === 0) {
        const reason =
          first === undefined
            ? (whyNoPages(observations) ?? `${name} was not asked for a page`)
            : `the settings of ${name} were not read`
        return inconclusive({ reason, expected, actual: 'nothing to compare', evidence: [] })
      }
      const came = pages.filter((page) => page.pages === page.asked)
      const shown = came[0] ?? first
      const where = { expected, evidence: [podSeq, shown.seq, ...own.map(({ seq }) => seq)] }
      if (came.length === 0) {
        const reason = `${name} does not answer on port ${shown.port}: ${shown.text.trim()}`
        return fail({ ...where, reason, actual: `no page of ${name}` })
      }
      const values = own.flatMap((each) => Object.values(each.values)).map(words)
      if (!came.some(({ text }) => values.some((value) => value !== '' && words(text).includes(value)))) {
        const reason = `${name} answers "${words(shown.text).slice(0, 80)}", which is no setting of ${listOf(configMaps)}`
        return fail({ ...where, reason, actual: `${name} answers something else` })
      }
      seqs.push(shown.seq, ...own.map(({ seq }) => seq))
    }
    const names = listOf(pods.map(({ name }) => name))
    return pass({
      reason: `${names} answer with it`,
      expected,
      actual: 'as the settings say',
      evidence: seqs,
    })
  },
}

/** However it is broken into lines. */
const words = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')
