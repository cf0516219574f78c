import { fail, pass } from '../judgement.ts'
import { isJudgement, subjectOf } from '../subject.ts'
import type { StepCheck } from './step-check.ts'

export const updateStrategy: StepCheck = {
  id: 'update-strategy',
  title: 'The strategy is RollingUpdate for all pods',
  hint: 'spec.updateStrategy of the set was changed: RollingUpdate with partition 0 is the default',
  judge(evidence) {
    const subject = subjectOf(evidence)
    if (isJudgement(subject)) return subject
    const { updateStrategy: type, partition } = subject.set
    const finding = {
      reason: `updateStrategy is ${type}, partition ${partition}`,
      expected: 'RollingUpdate, partition 0',
      actual: `${type}, partition ${partition}`,
      evidence: [subject.setSeq],
    }
    return type === 'RollingUpdate' && partition === 0 ? pass(finding) : fail(finding)
  },
}
