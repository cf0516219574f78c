import type { Terminal } from '../ports.ts'
import { verdictMark } from '../report/paint.ts'
import type { LabMessage } from '../run/conversation.ts'
import { claimLines } from './claim-lines.ts'
import { fillLines } from './fill-pages.ts'
import { createPage } from './page.ts'
import { judgedLines, questionLines } from './question-pages.ts'

export interface PageLook {
  readonly terminal: Terminal
  /** Unattended runs get the actions and verdicts, not the explanations. */
  readonly brief: boolean
}

/** A message of a lab run as text, ending in a line break; '' where nothing is shown. */
export function labPage(message: LabMessage, { terminal, brief }: PageLook): string {
  const page = createPage(terminal)
  const { paint } = page
  switch (message.say) {
    case 'lab':
      page.add(paint.strong(message.lab.title), ...(brief ? [] : page.prose(message.lab.summary)))
      if (!brief)
        page.add(
          ...page.prose(
            `About ${message.lab.minutes} minutes, in namespace ${message.namespace}. Quit whenever you like: \`sts-lab start ${message.lab.id}${message.namespace === message.lab.namespace ? '' : ` --namespace ${message.namespace}`}\` goes on where you left off.`,
          ),
        )
      break
    case 'step': {
      const { step, number, of } = message
      page.add('', page.rule(`${step.part}  ${step.title}`, `${number}/${of}`))
      if (brief) break
      page.add('', ...page.prose(step.explain))
      for (const correction of step.corrections)
        page.add('', ...page.aside('Put right', correction, paint.unsure))
      if (message.commands.length > 0)
        page.add('', ...message.commands.map((line) => paint.command(`  $ ${line}`)))
      if (message.look.length > 0)
        page.add('', paint.dim('To look around:'), ...message.look.map((line) => paint.dim(`  $ ${line}`)))
      page.add('')
      break
    }
    case 'note':
      page.add(...page.prose(message.text).map((line) => paint.dim(line)))
      break
    case 'doing':
      page.add(...message.commands.map((line) => paint.command(`$ ${line}`)))
      break
    case 'noticed':
      page.add(...page.prose(`Seen: ${message.text}.`).map((line) => paint.pass(line)))
      break
    case 'miss':
      page.add(...page.aside('Not what is asked for', message.text, paint.unsure))
      break
    case 'checkpoint':
      page.add(...message.verdicts.flatMap((verdict) => page.verdict(verdict)))
      page.add(...claimLines(message.claims, page, brief))
      if (
        !brief &&
        message.step.conclusion !== '' &&
        message.verdicts.every(({ verdict }) => verdict === 'pass')
      )
        page.add('', ...page.prose(message.step.conclusion.replaceAll('{namespace}', message.namespace)))
      break
    case 'question':
      page.add('', ...questionLines(message.question, page))
      break
    case 'turn':
      page.add(
        '',
        page.rule(message.about, message.number === null ? 'once more' : `${message.number}/${message.of}`),
      )
      break
    case 'judged':
      page.add(...judgedLines(message, page))
      break
    case 'answer':
      page.add('', ...page.prose(message.question.answer))
      break
    case 'hint':
      page.add(...page.aside(`Hint ${message.number}/${message.of}`, message.text, paint.unsure))
      break
    case 'advice':
      page.add(
        ...page.aside(
          message.reset === null ? 'As it is now' : 'No way on from here',
          message.text,
          paint.unsure,
        ),
      )
      if (message.reset !== null)
        page.add(`  ${paint.command('r')}   here, or when you have left: ${paint.command(message.reset)}`)
      break
    case 'unfixed':
      page.add(
        paint.strong('Not mended yet:'),
        ...message.verdicts.flatMap((verdict) => page.verdict(verdict)),
      )
      break
    case 'handed-out':
    case 'filled':
    case 'blank':
    case 'blank-hint':
    case 'refused':
      page.add(...fillLines(message, page))
      break
    case 'finished': {
      const { verdicts } = message
      const passed = verdicts.filter(({ verdict }) => verdict === 'pass').length
      const rest = verdicts.filter(({ verdict }) => verdict !== 'pass')
      page.add('', paint.strong(`${message.lab.title}: ${passed} of ${verdicts.length} checks passed`))
      page.add(
        ...rest.map(
          ({ step, id, verdict }) => `${verdictMark(verdict, paint, page.unicode)}  ${step}: ${id}`,
        ),
      )
      if (!brief) page.add(...page.prose(whatNow(message)))
      break
    }
  }
  return page.text()
}

function whatNow({ lab, namespace, remains }: Extract<LabMessage, { say: 'finished' }>): string {
  const elsewhere = namespace === lab.namespace ? '' : ` --namespace ${namespace}`
  const clean = remains ? `\`sts-lab clean ${lab.id}${elsewhere}\` removes what the lab made. ` : ''
  return `${clean}\`sts-lab list\` shows what comes next.`
}
