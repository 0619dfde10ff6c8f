import { Carry } from './carry.ts'
import { systemDecode, type Decode } from './decode.ts'
import { Draft } from './draft.ts'
import type { EventForm, SSEEvent, SSEOptions } from './event.ts'
import { firstLineEnd, isData, isDataField, pastColon, pastLastLine, pastMark } from './line.ts'

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
  readonly #tail: boolean
  readonly #shared: boolean
  readonly #form: EventForm | undefined
  readonly #decode: Decode
  readonly #draft: Draft
  readonly #carry = new Carry()
  #fresh = true
  #afterCR = false

  constructor(options: SSEOptions = {}, decode: Decode = systemDecode()) {
    this.#tail = options.tail ?? false
    this.#shared = options.shared ?? false
    this.#form = this.#shared ? options.form : undefined
    this.#decode = decode
    this.#draft = new Draft(options)
  }

  /** Whether the event named by `until` was met. */
  get done(): boolean {
    return this.#draft.done
  }

  /** The events that this chunk completes. Throws `SSEError` once an event is too large. */
  feed(chunk: Uint8Array): readonly SSEEvent[] {
    if (this.#draft.done || chunk.length === 0) return NONE
    if (this.#fresh) return this.#begin(chunk)
    let from = 0
    if (this.#afterCR) {
      this.#afterCR = false
      if (chunk[0] === LF) from = 1
    }
    if (chunk.length <= CRAWL) return this.#crawl(chunk, from)
    const events: SSEEvent[] = []
    if (this.#carry.length === 0 && this.#alone(chunk, from, events)) return events
    const text = this.#decode.marks(chunk)
    if (this.#carry.length > 0) {
      const end = firstLineEnd(text, from)
      this.#keep(chunk, from, end)
      if (end === chunk.length) return NONE
      this.#carried(events)
      from = this.#pastLineEnd(chunk, end)
    }
    if (!this.#draft.done) this.#lines(chunk, text, from, events)
    return events
  }

  /** The stream is over. With `tail`, an event that no blank line ended is dispatched; else it is dropped. */
  end(): readonly SSEEvent[] {
    if (this.#draft.done || !this.#tail) return NONE
    const events: SSEEvent[] = []
    if (this.#carry.length > 0) this.#carried(events)
    if (!this.#draft.done) this.#draft.dispatch(events)
    return events
  }

  /** Drops one byte order mark, whichever way it is cut. */
  #begin(chunk: Uint8Array): readonly SSEEvent[] {
    this.#carry.push(chunk, 0, chunk.length)
    const { length } = this.#carry
    const bytes = this.#carry.take().slice(0, length)
    const from = pastMark(bytes)
    if (from === undefined) {
      this.#carry.push(bytes, 0, length)
      return NONE
    }
    this.#fresh = false
    return this.feed(from === 0 ? bytes : bytes.subarray(from))
  }

  #crawl(chunk: Uint8Array, from: number): readonly SSEEvent[] {
    let events: SSEEvent[] | undefined
    for (let at = from; at < chunk.length && !this.#draft.done;) {
      const end = this.#carry.pushLine(chunk, at)
      if (end === chunk.length) {
        this.#draft.expect(this.#carry.length)
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
    if (length === 0) return this.#draft.dispatch(events)
    const text = this.#decode.utf8(this.#carry.take(), 0, length)
    this.#line(text, 0, text.length, events)
  }

  /** The chunk that is one whole `data: ` line and the blank line after it: what most servers write for each event. */
  #alone(chunk: Uint8Array, from: number, events: SSEEvent[]): boolean {
    const end = chunk.length - 2
    if (end > SMALL || chunk[end] !== LF || chunk[end + 1] !== LF) return false
    if (!isData(chunk, from) || chunk[from + 5] !== SPACE) return false
    const value = this.#decode.utf8(chunk, from + 6, end)
    if (value.indexOf('\n') !== -1 || value.indexOf('\r') !== -1) return false
    this.#draft.whole(value, events)
    return true
  }

  /** Reads the lines that end in this chunk, and carries the rest. `text` has one character for each byte of the chunk. */
  #lines(chunk: Uint8Array, text: string, from: number, events: SSEEvent[]): void {
    const { isAscii, ascii, utf8 } = this.#decode
    const stop = pastLastLine(text, from)
    if (stop > from) {
      const exact = isAscii(chunk, text)
      if (!this.#shared) this.#scan(events, text, from, stop, chunk, exact ? ascii : utf8)
      else if (exact) this.#scan(events, text, from, stop, chunk)
      else {
        const wide = utf8(chunk, from, stop)
        this.#scan(events, wide, 0, wide.length)
      }
    }
    if (this.#draft.done) return
    if (stop < chunk.length) this.#keep(chunk, stop, chunk.length)
    else if (chunk[stop - 1] === CR) this.#afterCR = true
  }

  /** Every line of the text between `from` and `stop` has its end there. `bytes`: the same, where it has one per character. */
  #scan(
    events: SSEEvent[],
    text: string,
    from: number,
    stop: number,
    bytes?: Uint8Array,
    copy?: Decode['ascii'],
  ): void {
    let cr = text.indexOf('\r', from)
    for (let at = from; at < stop && !this.#draft.done;) {
      const past = this.#matched(text, at, events)
      if (past !== -1) {
        at = past
        continue
      }
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
        if (bytes[next] !== LF || next === stop) this.#draft.append(value)
        else {
          this.#draft.whole(value, events)
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

  /** Whether an event begins here that the form knows: behind it, or -1. */
  #matched(text: string, at: number, events: SSEEvent[]): number {
    const form = this.#form
    if (form === undefined || !this.#draft.blank) return -1
    const past = form.match(text, at)
    if (past === -1) return -1
    this.#draft.expect(past - at)
    events.push({ event: 'message', data: form.data, matched: form.kind })
    return past
  }

  /** The first byte of the next line. A line feed after a carriage return belongs to it, also in the next chunk. */
  #pastLineEnd(chunk: Uint8Array, end: number): number {
    if (chunk[end] === LF) return end + 1
    if (end + 1 === chunk.length) this.#afterCR = true
    return chunk[end + 1] === LF ? end + 2 : end + 1
  }

  #line(text: string, start: number, end: number, events: SSEEvent[]): void {
    if (start === end) return this.#draft.dispatch(events)
    if (isDataField(text, start, end)) return this.#draft.append(text.slice(pastColon(text, start + 4, end), end))
    const colon = text.indexOf(':', start)
    if (colon === start) return
    if (colon === -1 || colon >= end) this.#draft.field(text.slice(start, end), '')
    else this.#draft.field(text.slice(start, colon), text.slice(pastColon(text, colon, end), end))
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    // Asked before: making room for what is refused would take twice the limit.
    this.#draft.expect(this.#carry.length + end - start)
    this.#carry.push(chunk, start, end)
  }
}
