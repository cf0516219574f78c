import type { Clock, Terminal } from '../ports.ts'
import { printable } from '../timeline/printable.ts'
import { follow } from './follow.ts'
import { asciiOnly } from './layout.ts'
import type { Live } from './live.ts'
import { longestLine, newsText } from './news.ts'
import { clockTime } from './time.ts'

/** Live progress where nothing can be redrawn (CI, a pipe): a line per change, with the time, without colour. */
export function plainLive(terminal: Terminal, clock: Clock): Live {
  let detach = (): void => {}
  let lastWaiting: string | null = null
  const shown = (line: string): string => ((terminal.unicode ?? true) ? line : asciiOnly(line))
  const write = (line: string): void =>
    terminal.err(shown(`${clockTime(clock.now())} ${printable(line, longestLine)}\n`))
  return {
    attach(timeline, target) {
      detach()
      detach = follow(timeline, target, (news) => write(newsText(news)))
    },
    say: write,
    phase(_name, text) {
      lastWaiting = null
      write(text)
    },
    waiting(reason) {
      if (reason !== null && reason !== lastWaiting) write(`waiting: ${reason}`)
      lastWaiting = reason
    },
    pause() {},
    resume() {},
    stop() {
      detach()
      detach = () => {}
    },
  }
}
