import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  futimesSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { encodeRecord } from './records.ts'

/** What is written reaches the disk itself after this long; the system has it at once. */
const SYNC_MS = 1_000
/** Rewritten when it has grown to so many times what it was after the last time … */
const GROWTH = 3
/** … and to no less than this. */
const LEAST_BYTES = 4 * 1024 * 1024
/** How much of a rewriting is done before everything else has its turn. */
const SLICE_BYTES = 512 * 1024
const RETRY_MS = 10_000

export interface JournalSetting {
  readonly file: string
  /** Everything as it is now, header first, as JSON texts: what a rewritten journal begins with. Read bit by bit. */
  readonly whole: () => Iterable<string>
  /** It cannot be written; null: it can again, and everything is in it. */
  readonly trouble: (error: Error | null) => void
  /** How often a journal that could not be written is tried again, milliseconds. */
  readonly retryMs?: number
}

interface Rewriting {
  readonly file: string
  readonly fd: number
  readonly texts: Iterator<string>
  bytes: number
  /** Records that came while it was under way. */
  readonly since: Buffer[]
}

/**
 * The file that a cluster can be made from again: records that are added at its end, and now and then the whole anew
 * in a fresh file that takes its place. A record is there entirely or not at all. Where the disk refuses, the cluster
 * goes on without it, and it is tried again.
 */
export class Journal {
  readonly #setting: JournalSetting
  readonly #retryMs: number
  #fd: number | null = null
  #bytes = 0
  #baseBytes = 0
  #rewriting: Rewriting | null = null
  #syncTimer: NodeJS.Timeout | null = null
  #retryTimer: NodeJS.Timeout | null = null
  #inTrouble = false
  #closed = false

  constructor(setting: JournalSetting) {
    this.#setting = setting
    this.#retryMs = setting.retryMs ?? RETRY_MS
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Goes on at the end of the one that is there. @param bytes its length */
  resume(bytes: number): void {
    this.#guarded(() => {
      rmSync(this.#newFile, { force: true })
      this.#fd = openSync(this.#setting.file, 'r+', 0o600)
      this.#bytes = bytes
      this.#baseBytes = bytes / GROWTH
    })
  }

  /** Begins a new one in place of what is there. */
  begin(): void {
    this.#guarded(() => {
      const now = this.#startRewriting()
      while (this.#rewriteSome(now));
      this.#takeOver(now)
    })
  }

  /** @param json one record. Lost, and told, where the disk refuses. */
  append(json: string): void {
    const fd = this.#fd
    if (fd === null) return
    this.#guarded(() => {
      const record = encodeRecord(json)
      writeAll(fd, record, this.#bytes)
      this.#bytes += record.length
      this.#rewriting?.since.push(record)
      this.#syncSoon()
      if (this.#rewriting === null && this.#bytes > Math.max(LEAST_BYTES, this.#baseBytes * GROWTH)) {
        this.#rewriteSoon(this.#startRewriting())
      }
    })
  }

  /** Leaves a sign that the cluster lives: when it was last heard of is when the file was last touched. */
  alive(nowMs = Date.now()): void {
    const fd = this.#fd
    if (fd !== null) this.#guarded(() => futimesSync(fd, nowMs / 1000, nowMs / 1000))
  }

  /** Everything of it is on the disk then. */
  close(): void {
    this.#closed = true
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer)
    if (this.#retryTimer !== null) clearTimeout(this.#retryTimer)
    this.#abandon()
    const fd = this.#fd
    this.#fd = null
    if (fd === null) return
    try {
      fdatasyncSync(fd)
    } catch (error) {
      this.#setting.trouble(asError(error))
    } finally {
      closeSync(fd)
    }
  }

  get #newFile(): string {
    return `${this.#setting.file}.new`
  }

  #startRewriting(): Rewriting {
    this.#abandon()
    const file = this.#newFile
    rmSync(file, { force: true })
    const fd = openSync(file, 'wx', 0o600)
    this.#rewriting = { file, fd, texts: this.#setting.whole()[Symbol.iterator](), bytes: 0, since: [] }
    return this.#rewriting
  }

  /** In the background; on the disk before it takes the place of what is. */
  #rewriteSoon(now: Rewriting): void {
    const unlessAbandoned = (work: () => void) => {
      if (this.#rewriting === now) this.#guarded(work)
    }
    setImmediate(() =>
      unlessAbandoned(() => {
        if (this.#rewriteSome(now)) this.#rewriteSoon(now)
        else
          fdatasync(now.fd, (error) =>
            unlessAbandoned(() => {
              if (error !== null) throw error
              this.#takeOver(now)
            }),
          )
      }),
    )
  }

  /** @returns true while there is more to do */
  #rewriteSome(now: Rewriting): boolean {
    const until = now.bytes + SLICE_BYTES
    while (now.bytes < until) {
      const { value, done } = now.texts.next()
      if (done === true) return false
      this.#addTo(now, encodeRecord(value))
    }
    return true
  }

  #takeOver(now: Rewriting): void {
    for (const record of now.since) this.#addTo(now, record)
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
    renameSync(now.file, this.#setting.file)
    this.#fd = now.fd
    this.#bytes = this.#baseBytes = now.bytes
    this.#rewriting = null
    this.#syncSoon()
    if (!this.#inTrouble) return
    this.#inTrouble = false
    this.#setting.trouble(null)
  }

  #addTo(now: Rewriting, record: Buffer): void {
    writeAll(now.fd, record, now.bytes)
    now.bytes += record.length
  }

  #abandon(): void {
    const now = this.#rewriting
    this.#rewriting = null
    if (now === null) return
    closeSync(now.fd)
    rmSync(now.file, { force: true })
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = null
      const fd = this.#fd
      if (fd === null) return
      fdatasync(fd, (error) => {
        // The file may have been replaced meanwhile by one that is on the disk.
        if (error !== null && fd === this.#fd) this.#fail(error)
      })
    }, SYNC_MS).unref()
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#fail(asError(error))
    }
  }

  /** What is there already stays as good as it was: whatever was half written is taken back. */
  #fail(error: Error): void {
    const fd = this.#fd
    this.#fd = null
    for (const act of [
      () => this.#abandon(),
      () => fd !== null && ftruncateSync(fd, this.#bytes),
      () => fd !== null && closeSync(fd),
    ])
      try {
        act()
      } catch {
        // It failed already, and that is told.
      }
    if (!this.#inTrouble) this.#setting.trouble(error)
    this.#inTrouble = true
    if (this.#closed) return
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = null
      if (!this.#closed && this.#fd === null) this.begin()
    }, this.#retryMs).unref()
  }
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  let done = 0
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done)
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
