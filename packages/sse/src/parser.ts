import { Carry } from './carry.ts'
import { systemDecode, type Decode } from './decode.ts'
import { tooLarge } from './error.ts'
import type { SSEEvent, SSEOptions } from './event.ts'
import { firstLineEnd, isData, isDataField, pastColon, pastLastLine } from './line.ts'

const LF = 10
const CR = 13
const SPACE = 32
const NONE: readonly SSEEvent[] = []
/** A chunk of so many bytes is looked at byte by byte: that is quicker than one call that makes it a string. */
const CRAWL = 64
/** A string of so many characters may stay alive for the sake of one that was cut from it. */
const SMALL = 1024

/** Reads an event stream by the WHATWG text ("Interpreting an event stream"), from bytes cut anywhere. */
export class SSEParser {
  readonly #until: string | undefined
  readonly #tail: boolean
  readonly #onField: ((name: string, value: string) => void) | undefined
  readonly #max: number
  readonly #shared: boolean
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
    this.#shared = options.shared ?? false
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
    if (chunk.length <= CRAWL) return this.#crawl(chunk, from)
    const events: SSEEvent[] = []
    if (this.#carry.length === 0) {
      if (chunk.length > SMALL || !this.#alone(chunk, from, events)) {
        this.#lines(chunk, this.#decode.marks(chunk), from, events)
      }
      return events
    }
    const text = this.#decode.marks(chunk)
    const end = firstLineEnd(text, from)
    this.#keep(chunk, from, end)
    if (end === chunk.length) return NONE
    this.#carried(events)
    if (!this.#done) this.#lines(chunk, text, this.#pastLineEnd(chunk, end), events)
    return events
  }

  /** The stream is over. With `tail`, an event that no blank line ended is dispatched; else it is dropped. */
  end(): readonly SSEEvent[] {
    if (this.#done || !this.#tail) return NONE
    const events: SSEEvent[] = []
    if (this.#carry.length > 0) this.#carried(events)
    if (!this.#done) this.#dispatch(events)
    return events
  }

  /** Drops one byte order mark, whichever way it is cut. */
  #begin(chunk: Uint8Array): readonly SSEEvent[] {
    this.#carry.push(chunk, 0, chunk.length)
    const { length } = this.#carry
    const bytes = this.#carry.take().slice(0, length)
    const mark = [0xef, 0xbb, 0xbf]
    let matched = 0
    while (matched < 3 && bytes[matched] === mark[matched]) matched++
    if (matched < 3 && matched === length) {
      this.#carry.push(bytes, 0, length)
      return NONE
    }
    this.#fresh = false
    return this.feed(matched === 3 ? bytes.subarray(3) : bytes)
  }

  #crawl(chunk: Uint8Array, from: number): readonly SSEEvent[] {
    let events: SSEEvent[] | undefined
    for (let at = from; at < chunk.length && !this.#done;) {
      const end = this.#carry.pushLine(chunk, at)
      if (end === chunk.length) {
        this.#limit(this.#carry.length)
        break
      }
      events ??= []
      this.#carried(events)
      at = this.#pastLineEnd(chunk, end)
    }
    return events ?? NONE
  }

  /** The line that was carried is complete. */
  #carried(events: SSEEvent[]): void {
    const { length } = this.#carry
    if (length === 0) return this.#dispatch(events)
    const text = this.#decode.utf8(this.#carry.take(), 0, length)
    this.#line(text, 0, text.length, events)
  }

  /** The chunk that is one whole `data: ` line and the blank line after it: what most servers write for each event. */
  #alone(chunk: Uint8Array, from: number, events: SSEEvent[]): boolean {
    const end = chunk.length - 2
    if (chunk[end] !== LF || chunk[end + 1] !== LF || !isData(chunk, from) || chunk[from + 5] !== SPACE) return false
    const value = this.#decode.utf8(chunk, from + 6, end)
    if (value.indexOf('\n') !== -1 || value.indexOf('\r') !== -1) return false
    this.#whole(value, events)
    return true
  }

  /** Reads the lines that end in this chunk, and carries the rest. `text` has one character for each byte of the chunk. */
  #lines(chunk: Uint8Array, text: string, from: number, events: SSEEvent[]): void {
    const { isAscii, ascii, utf8 } = this.#decode
    const stop = pastLastLine(text, from)
    if (stop > from) {
      const exact = isAscii(chunk, text)
      if (!this.#shared) this.#scan(text, from, stop, chunk, exact ? ascii : utf8, events)
      else if (exact) this.#scan(text, from, stop, chunk, undefined, events)
      else {
        const wide = utf8(chunk, from, stop)
        this.#scan(wide, 0, wide.length, undefined, undefined, events)
      }
    }
    if (this.#done) return
    if (stop < chunk.length) this.#keep(chunk, stop, chunk.length)
    else if (chunk[stop - 1] === CR) this.#afterCR = true
  }

  /** Every line of the text between `from` and `stop` has its end there. `bytes`: the same, where it has one per character. */
  #scan(
    text: string,
    from: number,
    stop: number,
    bytes: Uint8Array | undefined,
    copy: Decode['ascii'] | undefined,
    events: SSEEvent[],
  ): void {
    let cr = text.indexOf('\r', from)
    for (let at = from; at < stop && !this.#done;) {
      let end = text.indexOf('\n', at)
      let next = end + 1
      if (cr !== -1) {
        if (cr < at) cr = text.indexOf('\r', at)
        if (cr !== -1 && (end === -1 || cr < end)) {
          next = cr + 1 === end ? end + 1 : cr + 1
          end = cr
        }
      }
      // Reading bytes is quicker than reading characters.
      if (bytes !== undefined && isData(bytes, at) && bytes[at + 5] === SPACE && end > at + 5) {
        const value = copy === undefined ? text.slice(at + 6, end) : copy(bytes, at + 6, end)
        if (bytes[next] !== LF || next === stop) this.#append(value)
        else {
          this.#whole(value, events)
          next++
        }
      } else if (bytes === undefined || copy === undefined) this.#line(text, at, end, events)
      else {
        const line = copy(bytes, at, end)
        this.#line(line, 0, line.length, events)
      }
      at = next
    }
  }

  /** The first byte of the next line. A line feed after a carriage return belongs to it, also in the next chunk. */
  #pastLineEnd(chunk: Uint8Array, end: number): number {
    if (chunk[end] === LF) return end + 1
    if (end + 1 === chunk.length) this.#afterCR = true
    return chunk[end + 1] === LF ? end + 2 : end + 1
  }

  #line(text: string, start: number, end: number, events: SSEEvent[]): void {
    if (start === end) return this.#dispatch(events)
    if (isDataField(text, start, end)) return this.#append(text.slice(pastColon(text, start + 4, end), end))
    const colon = text.indexOf(':', start)
    if (colon === start) return
    if (colon === -1 || colon >= end) this.#field(text.slice(start, end), '')
    else this.#field(text.slice(start, colon), text.slice(pastColon(text, colon, end), end))
  }

  #field(name: string, value: string): void {
    if (name === 'data') this.#append(value)
    else if (name === 'event') this.#event = value
    else if (name !== 'id') this.#onField?.(name, value)
    else if (!value.includes('\0')) this.#id = value
  }

  #append(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    if (this.#data.length > this.#max) this.#refuse()
  }

  /** A line of data with a blank line behind it. What needs nothing kept from line to line is not kept. */
  #whole(data: string, events: SSEEvent[]): void {
    if (this.#data !== undefined || this.#id !== undefined || data === this.#until || data.length > this.#max) {
      this.#append(data)
      return this.#dispatch(events)
    }
    events.push({ event: this.#event === '' ? 'message' : this.#event, data })
    if (this.#event !== '') this.#event = ''
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
    this.#limit(this.#carry.length + end - start)
    this.#carry.push(chunk, start, end)
  }

  #limit(carried: number): void {
    if (carried + (this.#data?.length ?? 0) > this.#max) this.#refuse()
  }

  #refuse(): never {
    this.#done = true
    this.#data = undefined
    this.#carry.take()
    throw tooLarge(this.#max)
  }
}
