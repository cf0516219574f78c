import type { Clock, Terminal } from '../ports.ts'
import { printable } from '../timeline/printable.ts'
import { MovingState } from '../timeline/state.ts'
import { type BoardTarget, boardLines } from './board.ts'
import { follow } from './follow.ts'
import { asciiOnly } from './layout.ts'
import type { Live, LiveOptions } from './live.ts'
import { longestLine, newsText } from './news.ts'
import { createPaint } from './paint.ts'
import { RedrawnArea } from './redrawn-area.ts'
import { clockTime } from './time.ts'

const shortestPauseMs = 50
const spinnerMs = 100
const spinnerFrames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const asciiFrames = ['-', '\\', '|', '/']
const newsKept = 8

/** Live progress as a board that is redrawn in place. */
export function boardLive(terminal: Terminal, clock: Clock, options: LiveOptions): Live {
  const area = new RedrawnArea(terminal)
  const paint = createPaint(terminal.progressColour ?? terminal.colour)
  const unicode = terminal.unicode ?? true
  const frames = unicode ? spinnerFrames : asciiFrames
  let state = new MovingState()
  let target: BoardTarget | null = null
  let phase: { readonly text: string; readonly sinceMs: number } | null = null
  let waiting: string | null = null
  let news: string[] = []
  let detach = (): void => {}
  let paused = false
  let stopped = false
  let drawnAtMs = Number.NEGATIVE_INFINITY
  let soon: NodeJS.Timeout | null = null

  const draw = (): void => {
    if (soon !== null) clearTimeout(soon)
    soon = null
    if (paused || stopped || (target === null && phase === null)) return
    const nowMs = clock.monotonicMs()
    drawnAtMs = nowMs
    const spinner = frames[Math.floor(nowMs / spinnerMs) % frames.length] ?? ''
    area.draw(
      boardLines(
        {
          state,
          target,
          phase: phase === null ? null : { text: phase.text, elapsedMs: nowMs - phase.sinceMs, spinner },
          waiting,
          news,
        },
        // The last column stays empty: a full line would wrap on some terminals.
        { columns: area.columns - 1, rows: area.rows - 1, now: clock.now(), paint, unicode },
      ),
    )
  }
  // A burst of watch events becomes one frame; the process never stays alive for a frame.
  const drawSoon = (): void => {
    if (soon !== null || paused || stopped) return
    const dueMs = Math.max(0, drawnAtMs + shortestPauseMs - clock.monotonicMs())
    soon = setTimeout(draw, dueMs)
    soon.unref()
  }
  const ticker = setInterval(drawSoon, spinnerMs)
  ticker.unref()

  return {
    attach(timeline, of) {
      detach()
      state = new MovingState()
      news = []
      target = of
      detach = follow(
        timeline,
        of,
        (item) => {
          const line = `${clockTime(clock.now())} ${newsText(item)}`
          news = [...news, line].slice(-newsKept)
        },
        (observation) => {
          state.apply(observation)
          drawSoon()
        },
      )
      drawSoon()
    },
    say(line) {
      if (stopped) return
      area.clear()
      const shown = printable(line, longestLine)
      terminal.err(`${unicode ? shown : asciiOnly(shown)}\n`)
      draw()
    },
    phase(_name, text) {
      phase = { text, sinceMs: clock.monotonicMs() }
      waiting = null
      drawSoon()
    },
    waiting(reason) {
      waiting = reason
      drawSoon()
    },
    pause() {
      paused = true
      area.clear()
      area.release()
    },
    resume() {
      paused = false
      draw()
    },
    stop() {
      if (stopped) return
      if (options.keep === true) draw()
      else area.clear()
      stopped = true
      detach()
      clearInterval(ticker)
      if (soon !== null) clearTimeout(soon)
      area.release()
    },
  }
}
