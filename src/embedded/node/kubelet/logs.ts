import type { ClusterClock } from '../../clock.ts'
import type { LogRequest } from '../../pod-runtime.ts'

interface Line {
  readonly atMs: number
  readonly text: string
}

/** What is kept of one container; the oldest lines go first, as when the kubelet rotates its files. */
const KEPT_BYTES = 4 * 1024 * 1024
/** A line without an end is cut here, as the runtime does. */
const LINE_BYTES = 16 * 1024
/** About what a line takes besides its text: empty ones cost, too. */
const LINE_COST = 60

/** What one run of a container has printed. */
export class ContainerLog {
  readonly #clock: ClusterClock
  readonly #lines: Line[] = []
  readonly #open = { stdout: '', stderr: '' }
  readonly #listeners = new Set<() => void>()
  #bytes = 0
  #dropped = 0
  #ended = false

  constructor(clock: ClusterClock) {
    this.#clock = clock
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    const pieces = (this.#open[stream] + text).split('\n')
    let rest = pieces.pop() ?? ''
    for (const piece of pieces) this.#add(`${piece}\n`)
    for (; rest.length > LINE_BYTES; rest = rest.slice(LINE_BYTES)) this.#add(rest.slice(0, LINE_BYTES))
    this.#open[stream] = rest
    for (const tell of [...this.#listeners]) tell()
  }

  /** The end of it, so far, as it is read for a status. */
  lastLines(lines: number, bytes: number): string {
    const text = this.#lines
      .slice(-lines)
      .map((line) => line.text)
      .join('')
    return text.slice(-bytes)
  }

  end(): void {
    for (const stream of ['stdout', 'stderr'] as const)
      if (this.#open[stream] !== '') this.#add(this.#open[stream])
    this.#open.stdout = this.#open.stderr = ''
    this.#ended = true
    for (const tell of [...this.#listeners]) tell()
  }

  /** @param request what of it, and whether to wait for more */
  async *read(
    request: Pick<LogRequest, 'follow' | 'timestamps' | 'tailLines' | 'sinceMs' | 'limitBytes' | 'signal'>,
  ): AsyncGenerator<Buffer> {
    const { tailLines, sinceMs, signal } = request
    let left = request.limitBytes ?? Number.POSITIVE_INFINITY
    let next = this.#dropped + (tailLines === null ? 0 : Math.max(0, this.#lines.length - tailLines))
    for (;;) {
      next = Math.max(next, this.#dropped)
      let chunk = ''
      for (
        let line = this.#lines[next - this.#dropped];
        line !== undefined;
        line = this.#lines[next - this.#dropped]
      ) {
        next += 1
        if (sinceMs !== null && line.atMs < sinceMs) continue
        chunk += request.timestamps ? `${stamp(line.atMs)} ${line.text}` : line.text
      }
      if (chunk !== '') {
        yield Buffer.from(chunk.slice(0, left), 'latin1')
        left -= chunk.length
      }
      if (!request.follow || this.#ended || left <= 0 || signal.aborted) return
      await this.#more(signal)
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#listeners.add(done)
      signal.addEventListener('abort', done)
    })
  }

  #add(text: string): void {
    this.#lines.push({ atMs: this.#clock.nowMs(), text })
    this.#bytes += text.length + LINE_COST
    if (this.#bytes <= KEPT_BYTES * 1.25) return
    // In blocks: taking them away one by one would move all the others each time.
    let gone = 0
    for (; this.#bytes > KEPT_BYTES; gone += 1)
      this.#bytes -= (this.#lines[gone]?.text.length ?? 0) + LINE_COST
    this.#lines.splice(0, gone)
    this.#dropped += gone
  }
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.(\d+)Z$/, '.$1000000Z')
