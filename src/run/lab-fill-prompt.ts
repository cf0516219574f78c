import { asYamlValue, fillValues } from '../lab/blanks/fill-values.ts'
import type { FillJudgement } from '../lab/blanks/judge-fill.ts'
import type { LabStep } from '../lab/lab.ts'
import { throwIfInterrupted } from './await-state.ts'
import type { StudentFolder } from './fill-tools.ts'
import { type FillAction, judgeText } from './lab-fill-files.ts'
import { giveBlankHint } from './lab-fill-hint.ts'
import type { LabRun } from './lab-run.ts'

/**
 * Asks for the first blank that is not right, without an editor: what is typed is judged at once, and written into
 * the file when it is right.
 */
export async function askBlank(
  run: LabRun,
  step: LabStep,
  action: FillAction,
  student: StudentFolder,
  judgement: FillJudgement,
): Promise<'on' | 'back' | 'skip' | 'quit'> {
  const { conversation, signal } = run.deps
  const asked = judgement.blanks.find(({ verdict }) => verdict !== 'right')
  if (asked === undefined) return 'on'
  const shown = `${student.shown}/${action.file}`
  conversation.tell({ say: 'blank', verdict: asked, file: shown })
  for (;;) {
    const typed = (await conversation.ask(PROMPT, signal))?.trim() ?? null
    throwIfInterrupted(signal)
    if (typed === null || /^(q|quit)$/i.test(typed)) return 'quit'
    if (typed === 'b') return 'back'
    if (typed === 'n') return 'skip'
    const text = await student.read(action.file)
    if (text === null) return 'on'
    if (typed === '') {
      await giveBlankHint(run, step, asked)
      continue
    }
    const filled = fillValues(text, [asked.blank], { [asked.blank.id]: asYamlValue(typed) })
    if (filled === text) {
      conversation.tell({ say: 'note', text: `That stands there already. ${asked.reason ?? ''}` })
      continue
    }
    const now = await judgeText(run.fill(), action, filled)
    const verdict = now.blanks.find(({ blank }) => blank.id === asked.blank.id)
    if (verdict?.verdict === 'right') {
      await student.replace(action.file, filled)
      return 'on'
    }
    const blanks = verdict === undefined ? [] : [verdict]
    const alone = { problems: [], notes: [], right: 0, wrong: 0, open: 0 }
    conversation.tell({ say: 'filled', file: shown, mistake: now.mistake, blanks, ...alone })
  }
}

const PROMPT = 'Your answer (Enter: hint, b: back, n: skip, q: quit):'
