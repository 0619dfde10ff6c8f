import { Carry } from './carry.ts'
import { systemDecode, type Decode } from './decode.ts'
import { SSEError } from './error.ts'
import type { SSEEvent, SSEOptions } from './event.ts'

const LF = 10
const CR = 13
const SPACE = 32
const COLON = 58
const NONE: readonly SSEEvent[] = []

/** Reads an event stream by the WHATWG text ("Interpreting an event stream"), from bytes cut anywhere. */
export class SSEParser {
  readonly #until: string | undefined
  readonly #tail: boolean
  readonly #onField: ((name: string, value: string) => void) | undefined
  readonly #max: number
  readonly #decode: Decode
  readonly #carry = new Carry()
  #fresh = true
  #afterCR = false
  #done = false
  #event = ''
  #data: string | undefined
  #id: string | undefined

  constructor(options: SSEOptions = {}, decode: Decode = systemDecode()) {
    this.#until = options.until
    this.#tail = options.tail ?? false
    this.#onField = options.onField
    this.#max = options.maxEventBytes ?? 32 * 1024 * 1024
    this.#decode = decode
  }

  /** Whether the event named by `until` was met. */
  get done(): boolean {
    return this.#done
  }

  /** The events that this chunk completes. Throws `SSEError` once an event is too large. */
  feed(chunk: Uint8Array): readonly SSEEvent[] {
    if (this.#done || chunk.length === 0) return NONE
    if (this.#fresh) return this.#begin(chunk)
    let from = 0
    if (this.#afterCR) {
      this.#afterCR = false
      if (chunk[0] === LF) from = 1
    }
    if (this.#carry.length === 0) return this.#alone(chunk, from) ?? this.#lines(chunk, from)
    const end = lineEnd(chunk, from)
    this.#keep(chunk, from, end)
    if (end === chunk.length) return NONE
    const events: SSEEvent[] = []
    const line = this.#carry.take()
    this.#line(line, 0, line.length, this.#decode.utf8, events)
    const next = this.#pastLineEnd(chunk, end)
    if (next === chunk.length || this.#done) return events
    const rest = this.#lines(chunk, next)
    return events.length === 0 ? rest : events.concat(rest)
  }

  /** The stream is over. With `tail`, an event that no blank line ended is dispatched; else it is dropped. */
  end(): readonly SSEEvent[] {
    if (this.#done || !this.#tail) return NONE
    const events: SSEEvent[] = []
    const line = this.#carry.take()
    if (line.length > 0) this.#line(line, 0, line.length, this.#decode.utf8, events)
    if (!this.#done) this.#dispatch(events)
    return events
  }

  /** Drops one byte order mark, whichever way it is cut. */
  #begin(chunk: Uint8Array): readonly SSEEvent[] {
    this.#carry.push(chunk, 0, chunk.length)
    const bytes = this.#carry.take()
    const mark = [0xef, 0xbb, 0xbf]
    let matched = 0
    while (matched < 3 && bytes[matched] === mark[matched]) matched++
    if (matched < 3 && matched === bytes.length) {
      this.#carry.push(bytes, 0, bytes.length)
      return NONE
    }
    this.#fresh = false
    return this.feed(matched === 3 ? bytes.slice(3) : bytes.slice())
  }

  /** The chunk that is one whole `data: ` line and the blank line after it: what most servers write for each event. */
  #alone(chunk: Uint8Array, from: number): readonly SSEEvent[] | undefined {
    const end = chunk.length - 2
    if (end < from + 6 || end - from > 4096 || chunk[end] !== LF || chunk[end + 1] !== LF) return undefined
    if (!isDataField(chunk, from) || chunk[from + 5] !== SPACE) return undefined
    const value = this.#decode.utf8(chunk, from + 6, end)
    if (value.includes('\n') || value.includes('\r')) return undefined
    const events: SSEEvent[] = []
    this.#append(value)
    this.#dispatch(events)
    return events
  }

  #lines(chunk: Uint8Array, from: number): readonly SSEEvent[] {
    const marks = this.#decode.marks(chunk)
    const decode = this.#decode.isAscii(chunk, marks) ? this.#decode.ascii : this.#decode.utf8
    const events: SSEEvent[] = []
    let start = from
    let cr = marks.indexOf('\r', start)
    while (start < chunk.length && !this.#done) {
      let end = marks.indexOf('\n', start)
      if (cr !== -1 && cr < start) cr = marks.indexOf('\r', start)
      if (cr !== -1 && (end === -1 || cr < end)) end = cr
      if (end === -1) {
        this.#keep(chunk, start, chunk.length)
        break
      }
      this.#line(chunk, start, end, decode, events)
      start = this.#pastLineEnd(chunk, end)
    }
    return events
  }

  /** The first byte of the next line. A line feed after a carriage return belongs to it, also in the next chunk. */
  #pastLineEnd(chunk: Uint8Array, end: number): number {
    if (chunk[end] === LF) return end + 1
    if (end + 1 === chunk.length) this.#afterCR = true
    return chunk[end + 1] === LF ? end + 2 : end + 1
  }

  #line(bytes: Uint8Array, start: number, end: number, decode: Decode['utf8'], events: SSEEvent[]): void {
    if (start === end) return this.#dispatch(events)
    if (isDataField(bytes, start) && end - start >= 5) {
      return this.#append(decode(bytes, bytes[start + 5] === SPACE && start + 5 < end ? start + 6 : start + 5, end))
    }
    if (bytes[start] === COLON) return
    let colon = start
    while (colon < end && bytes[colon] !== COLON) colon++
    const from = Math.min(end, colon + (bytes[colon + 1] === SPACE && colon + 1 < end ? 2 : 1))
    this.#field(decode(bytes, start, colon), decode(bytes, from, end))
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#append(value)
    else if (name === 'event') this.#event = value
    else if (name !== 'id') this.#onField?.(name, value)
    else if (!value.includes('\0')) this.#id = value
  }

  #append(value: string): void {
    if (this.#data === undefined) this.#data = value
    else this.#data = `${this.#data}\n${value}`
    if (this.#data.length > this.#max) this.#refuse()
  }

  #dispatch(events: SSEEvent[]): void {
    const data = this.#data
    const event = this.#event
    this.#event = ''
    if (data === undefined) return
    this.#data = undefined
    if (data === this.#until) this.#done = true
    else if (this.#id) events.push({ event: event || 'message', data, id: this.#id })
    else events.push({ event: event || 'message', data })
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    // Asked before: making room for what is refused would take twice the limit.
    if (this.#carry.length + end - start + (this.#data?.length ?? 0) > this.#max) this.#refuse()
    this.#carry.push(chunk, start, end)
  }

  #refuse(): never {
    this.#done = true
    this.#data = undefined
    this.#carry.take()
    throw new SSEError(
      'event_too_large',
      `one event holds more than ${this.#max} bytes; raise maxEventBytes to allow it`,
    )
  }
}

function isDataField(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 100 &&
    bytes[at + 1] === 97 &&
    bytes[at + 2] === 116 &&
    bytes[at + 3] === 97 &&
    bytes[at + 4] === COLON
  )
}

/** The first line terminator, or the length. */
function lineEnd(chunk: Uint8Array, from: number): number {
  if (chunk.length - from <= 128) {
    let i = from
    while (i < chunk.length && chunk[i] !== LF && chunk[i] !== CR) i++
    return i
  }
  const lf = chunk.indexOf(LF, from)
  const cr = chunk.subarray(from, lf === -1 ? chunk.length : lf).indexOf(CR)
  if (cr !== -1) return from + cr
  return lf === -1 ? chunk.length : lf
}
