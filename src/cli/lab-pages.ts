import type { Terminal } from '../ports.ts'
import { hanging } from '../report/layout.ts'
import { createPaint, type Paint, verdictMark } from '../report/paint.ts'
import { proseLines } from '../report/prose.ts'
import type { LabMessage } from '../run/conversation.ts'
import type { StepVerdict } from '../run/lab-verdict.ts'

const WIDEST = 100

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
      page.add(paint.pass(`Seen: ${message.text}.`))
      break
    case 'checkpoint':
      page.add(...message.verdicts.flatMap((verdict) => page.verdict(verdict)))
      if (
        !brief &&
        message.step.conclusion !== '' &&
        message.verdicts.every(({ verdict }) => verdict === 'pass')
      )
        page.add('', ...page.prose(message.step.conclusion.replaceAll('{namespace}', message.namespace)))
      break
    case 'question':
      page.add('', ...page.aside('Stop and think', message.question.ask, paint.action))
      break
    case 'answer':
      page.add('', ...page.prose(message.question.answer))
      break
    case 'hint':
      page.add(...page.aside(`Hint ${message.number}/${message.of}`, message.text, paint.unsure))
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
      break
    }
  }
  return page.text()
}

interface Page {
  readonly paint: Paint
  readonly unicode: boolean
  add(...lines: readonly string[]): void
  prose(text: string): string[]
  aside(label: string, text: string, style: (text: string) => string): string[]
  rule(left: string, right: string): string
  verdict(verdict: StepVerdict): string[]
  text(): string
}

function createPage({ colour, columns, unicode = true }: Terminal): Page {
  const paint = createPaint(colour)
  const width = Math.min(WIDEST, Math.max(30, columns - 1))
  const lines: string[] = []
  return {
    paint,
    unicode,
    add: (...more) => lines.push(...more),
    prose: (text) => proseLines(text, width, paint, colour),
    aside(label, text, style) {
      const bar = style(unicode ? '▌ ' : '| ')
      return [style(label), ...proseLines(text, width - 2, paint, colour)].map((line) => bar + line)
    },
    rule(left, right) {
      const fill = (unicode ? '─' : '-').repeat(Math.max(2, width - left.length - right.length - 2))
      return `${paint.strong(left)} ${paint.dim(`${fill} ${right}`)}`
    },
    verdict(verdict) {
      const head = `${verdictMark(verdict.verdict, paint, unicode)}  `
      const more = (name: string, value: string | null): string[] =>
        value === null
          ? []
          : hanging(paint.dim(`        ${name.padEnd(10)}`), value, { width, headWidth: 18 })
      return [
        ...hanging(head, verdict.reason === '' ? verdict.title : `${verdict.title}: ${verdict.reason}`, {
          width,
          headWidth: 8,
        }),
        ...(verdict.verdict === 'pass'
          ? []
          : [
              ...more('expected', verdict.expected),
              ...more('seen', verdict.actual),
              ...more('hint', verdict.hint),
            ]),
      ]
    },
    text: () => (lines.length === 0 ? '' : `${lines.join('\n')}\n`),
  }
}
