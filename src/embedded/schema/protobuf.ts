import { badRequest, unsupportedMediaType } from '../status.ts'
import { MESSAGES } from './protobuf-fields.ts'

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00])

/**
 * A body of application/vnd.kubernetes.protobuf as the JSON it stands for. kubectl's typed commands
 * (`kubectl create namespace`) send nothing else since 1.32.
 * @throws StatusError 400 for what is no such body, 415 for a kind that we know no field numbers of
 */
export function readProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(MAGIC))
    throw badRequest('the body of the request is no Kubernetes protobuf')
  // runtime.Unknown: 1 is {1: apiVersion, 2: kind}, 2 is the object.
  const envelope = readFields(body.subarray(4))
  const type = readFields(lastBytes(envelope, 1))
  const apiVersion = lastBytes(type, 1).toString('utf8')
  const kind = lastBytes(type, 2).toString('utf8')
  if (MESSAGES[kind] === undefined) throw unsupportedMediaType(['application/json', 'application/yaml'])
  return { apiVersion, kind, ...(readMessage(lastBytes(envelope, 2), kind) as object) }
}

interface Field {
  readonly number: number
  /** A varint, or the bytes of anything longer. */
  readonly value: number | Buffer
}

function readFields(bytes: Buffer): readonly Field[] {
  const fields: Field[] = []
  const reader = new Reader(bytes)
  while (!reader.atEnd) {
    const tag = reader.varint()
    const number = Math.floor(tag / 8)
    switch (tag % 8) {
      case 0:
        fields.push({ number, value: reader.varint() })
        break
      case 1:
        fields.push({ number, value: reader.bytes(8) })
        break
      case 2:
        fields.push({ number, value: reader.bytes(reader.varint()) })
        break
      case 5:
        fields.push({ number, value: reader.bytes(4) })
        break
      default:
        throw badRequest('the body of the request is broken protobuf')
    }
  }
  return fields
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): number {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined || shift > 63n) throw badRequest('the body of the request is broken protobuf')
      this.#at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, value))
    }
  }

  bytes(length: number): Buffer {
    const end = this.#at + length
    if (length < 0 || end > this.#bytes.length) throw badRequest('the body of the request is broken protobuf')
    const found = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return found
  }
}

const lastBytes = (fields: readonly Field[], number: number): Buffer => {
  const value = fields.findLast((field) => field.number === number)?.value
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0)
}

function readMessage(bytes: Buffer, message: string): unknown {
  const known = MESSAGES[message] ?? {}
  const result: Record<string, unknown> = {}
  for (const { number, value } of readFields(bytes)) {
    const [name = '', type = 'string'] = (known[number] ?? '').split(':')
    if (name === '') continue
    if (type.startsWith('[]')) {
      const list = (result[name] ?? []) as unknown[]
      result[name] = [...list, readValue(value, type.slice(2))]
    } else if (type.startsWith('{}')) {
      const entry = readFields(Buffer.isBuffer(value) ? value : Buffer.alloc(0))
      const key = lastBytes(entry, 1).toString('utf8')
      result[name] = {
        ...(result[name] as object | undefined),
        [key]: readValue(lastBytes(entry, 2), type.slice(2)),
      }
    } else {
      const read = readValue(value, type.replace('?', ''))
      // Go writes out the empty values that JSON leaves out.
      const empty = read === '' || (!type.endsWith('?') && (read === 0 || read === false))
      if (read !== undefined && !empty) result[name] = read
    }
  }
  return result
}

function readValue(value: number | Buffer, type: string): unknown {
  if (typeof value === 'number') return type === 'bool' ? value !== 0 : value
  switch (type) {
    case 'string':
      return value.toString('utf8')
    case 'bytes':
      return value.toString('base64')
    case 'Time':
      // The server sets every time that a client may send here.
      return undefined
    case 'Quantity':
      return lastBytes(readFields(value), 1).toString('utf8')
    case 'IntOrString': {
      const { type: kind, intVal, strVal } = readMessage(value, type) as Record<string, unknown>
      return kind === 1 ? strVal : (intVal ?? 0)
    }
    default:
      return readMessage(value, type)
  }
}
