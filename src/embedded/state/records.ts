import { crc32 } from 'node:zlib'

/** What a journal is made of: the header first, then what was written, in its order. */
export interface JournalText {
  /** Each a JSON value as it was given. */
  readonly records: readonly unknown[]
  /** Bytes up to the end of the last good record: what is behind them is to be cut off. */
  readonly goodBytes: number
  readonly cutBytes: number
  /** torn: the last write did not come to its end. damaged: something in the middle is not what was written. */
  readonly cut: 'nothing' | 'torn' | 'damaged'
}

const NEWLINE = 10
/** "1a2b3c4d " */
const PREFIX_BYTES = 9

/** One record as a line that can be told from half of one. @param json without line breaks */
export function encodeRecord(json: string): Buffer {
  const body = Buffer.from(json)
  return Buffer.concat([Buffer.from(`${checksum(body)} `), body, Buffer.from('\n')])
}

/** Reads as far as everything is as it was written. */
export function decodeRecords(bytes: Buffer): JournalText {
  const records: unknown[] = []
  let at = 0
  for (;;) {
    const end = bytes.indexOf(NEWLINE, at)
    const record = end === -1 ? null : decodeLine(bytes.subarray(at, end))
    if (record === null) break
    records.push(record.value)
    at = end + 1
  }
  const cutBytes = bytes.length - at
  if (cutBytes === 0) return { records, goodBytes: at, cutBytes, cut: 'nothing' }
  return { records, goodBytes: at, cutBytes, cut: hasGoodLine(bytes, at) ? 'damaged' : 'torn' }
}

function hasGoodLine(bytes: Buffer, from: number): boolean {
  let at = from
  for (;;) {
    const end = bytes.indexOf(NEWLINE, at)
    if (end === -1) return false
    if (decodeLine(bytes.subarray(at, end)) !== null) return true
    at = end + 1
  }
}

function decodeLine(line: Buffer): { readonly value: unknown } | null {
  if (line.length < PREFIX_BYTES) return null
  const body = line.subarray(PREFIX_BYTES)
  if (line.toString('latin1', 0, PREFIX_BYTES) !== `${checksum(body)} `) return null
  try {
    return { value: JSON.parse(body.toString('utf8')) }
  } catch {
    return null
  }
}

const checksum = (body: Buffer): string => crc32(body).toString(16).padStart(8, '0')
