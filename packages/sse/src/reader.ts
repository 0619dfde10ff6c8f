import { Carry } from './carry.ts'
import { systemDecode, type Decode } from './decode.ts'
import { Draft } from './draft.ts'
import type { SSEDecode, SSESink, SSEOptions } from './event.ts'
import { firstLineEnd, isData, isDataField, pastColon, pastLastLine, pastMark } from './line.ts'

const LF = 10
const CR = 13
const SPACE = 32
/** A chunk of so many bytes is looked at byte by byte: that is quicker than one call that makes it a string. */
const CRAWL = 64
/** A string of so many characters may stay alive for the sake of one that was cut from it. */
const SMALL = 1024

/** How a reader makes its strings. */
interface Strings {
  readonly decode: Decode
  /** Whether the strings of events are copies, of which none keeps the text of its chunk alive. */
  readonly copies: boolean
}

/** Reads an event stream by the WHATWG text ("Interpreting an event stream"), from bytes cut anywhere, and tells its sink. */
export class SSEReader {
  readonly #sink: SSESink
  readonly #decode: Decode
  readonly #copies: boolean
  readonly #draft: Draft
  /** What the line that has not ended yet begins with, as far as all of it is ASCII: strings are put together at less cost. */
  #start = ''
  /** The bytes of it behind that. */
  readonly #carry = new Carry()
  #fresh = true
  #afterCR = false

  constructor(
    sink: SSESink,
    options: Pick<SSEOptions, 'until' | 'maxEventBytes'> = {},
    { decode, copies }: Strings = { decode: systemDecode(), copies: false },
  ) {
    this.#sink = sink
    this.#decode = decode
    this.#copies = copies
    this.#draft = new Draft(sink, options)
  }

  /** Whether nothing more is read: the event named by `until` was met, or the reader was stopped. */
  get done(): boolean {
    return this.#draft.done
  }

  /** Reads nothing more, not even the rest of the chunk that it is fed just now. */
  stop(): void {
    this.#draft.done = true
  }

  /** Tells the events that this chunk completes. Throws `SSEError` once an event is too large, and what the sink throws. */
  feed(chunk: Uint8Array): void {
    if (this.#draft.done || chunk.length === 0) return
    if (this.#fresh) return this.#begin(chunk)
    let from = 0
    if (this.#afterCR) {
      this.#afterCR = false
      if (chunk[0] === LF) from = 1
    }
    if (chunk.length <= CRAWL) return this.#crawl(chunk, from)
    if (this.#kept === 0 && this.#alone(chunk, from)) return
    const text = this.#decode.marks(chunk)
    const exact = this.#decode.isAscii(chunk, text)
    if (this.#kept > 0) {
      const end = firstLineEnd(text, from)
      // Reading the line will make one string of its pieces: this one keeps the text of the chunk alive only until then.
      this.#keep(chunk, from, end, exact ? text.slice(from, end) : undefined)
      if (end === chunk.length) return
      this.#carried()
      from = this.#pastLineEnd(chunk, end)
    }
    if (!this.#draft.done) this.#lines(chunk, text, from, exact)
  }

  /** The stream is over: tells an event that no blank line ended, too. The WHATWG text drops it, as does who never calls this. */
  end(): void {
    if (this.#draft.done) return
    if (this.#kept > 0) this.#carried()
    if (!this.#draft.done) this.#draft.dispatch()
  }

  /** Drops one byte order mark, whichever way it is cut. */
  #begin(chunk: Uint8Array): void {
    // Most streams begin without one, and with enough bytes to tell.
    if (this.#carry.length === 0 && chunk[0] !== 0xef) {
      this.#fresh = false
      return this.feed(chunk)
    }
    this.#carry.push(chunk, 0, chunk.length)
    const { length } = this.#carry
    const bytes = this.#carry.take().slice(0, length)
    const from = pastMark(bytes)
    if (from === undefined) return this.#carry.push(bytes, 0, length)
    this.#fresh = false
    this.feed(from === 0 ? bytes : bytes.subarray(from))
  }

  #crawl(chunk: Uint8Array, from: number): void {
    for (let at = from; at < chunk.length && !this.#draft.done;) {
      const end = this.#carry.pushLine(chunk, at)
      if (end === chunk.length) {
        this.#draft.expect(this.#start.length + this.#carry.length)
        break
      }
      this.#carried()
      at = this.#pastLineEnd(chunk, end)
    }
  }

  /** The line that was carried is complete. */
  #carried(): void {
    const start = this.#start
    const { length } = this.#carry
    if (this.#kept === 0) return this.#draft.dispatch()
    this.#start = ''
    const text = length === 0 ? start : start + this.#decode.utf8(this.#carry.take(), 0, length)
    this.#line(text, 0, text.length)
  }

  /** The chunk that is one whole event, which is what most servers write: known to the sink, or one `data: ` line. */
  #alone(chunk: Uint8Array, from: number): boolean {
    const { length } = chunk
    if (length > SMALL || chunk[length - 1] !== LF || chunk[length - 2] !== LF || !this.#draft.blank) return false
    const text = this.#decode.utf8(chunk, from, length)
    if (this.#sink.match !== undefined) {
      const past = this.#sink.match(text, 0)
      if (past === text.length) return true
      if (past !== -1) {
        this.#scan(text, past, text.length)
        return true
      }
    }
    const end = text.length - 2
    if (!isData(chunk, from) || chunk[from + 5] !== SPACE) return false
    if (text.indexOf('\n') !== end || text.indexOf('\r') !== -1) return false
    this.#draft.whole(text.slice(6, end))
    return true
  }

  /** Reads the lines that end in this chunk, and carries the rest. `text` has one character for each byte of the chunk. */
  #lines(chunk: Uint8Array, text: string, from: number, exact: boolean): void {
    const { ascii, utf8 } = this.#decode
    const stop = chunk[chunk.length - 1] === LF ? chunk.length : pastLastLine(chunk, text, from)
    if (stop > from) {
      const copy = exact ? ascii : utf8
      const copies = this.#copies || !exact
      this.#scan(text, from, stop, chunk, copies ? (start, end) => copy(chunk, start, end) : undefined)
    }
    if (this.#draft.done) return
    if (stop < chunk.length) this.#keep(chunk, stop, chunk.length, exact ? ascii(chunk, stop, chunk.length) : undefined)
    else if (chunk[stop - 1] === CR) this.#afterCR = true
  }

  /** Every line of the text between `from` and `stop` has its end there. `bytes`: the same, where it has one per character. */
  #scan(text: string, from: number, stop: number, bytes?: Uint8Array, copy?: SSEDecode): void {
    const draft = this.#draft
    const matches = this.#sink.match !== undefined
    // Where the next carriage return stands: not looked for before a line needs to know.
    let cr = from - 1
    for (let at = from; at < stop && !draft.done;) {
      if (matches && draft.blank) {
        const past = this.#sink.match!(text, at, copy)
        if (past !== -1) {
          at = past
          continue
        }
      }
      let end = text.indexOf('\n', at)
      let next = end + 1
      if (cr < at) cr = indexOrEnd(text, at)
      if (end === -1 || cr < end) {
        next = cr + 1 === end ? end + 1 : cr + 1
        end = cr
      }
      // Reading bytes is quicker than reading characters.
      if (bytes === undefined) this.#line(text, at, end)
      else if (isData(bytes, at) && bytes[at + 5] === SPACE && end > at + 5) {
        const value = copy === undefined ? text.slice(at + 6, end) : copy(at + 6, end)
        if (bytes[next] !== LF || next === stop) draft.append(value)
        else {
          draft.whole(value)
          next++
        }
      } else if (copy === undefined) this.#line(text, at, end)
      else {
        const line = copy(at, end)
        this.#line(line, 0, line.length)
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

  #line(text: string, start: number, end: number): void {
    if (start === end) return this.#draft.dispatch()
    if (isDataField(text, start, end)) return this.#draft.append(text.slice(pastColon(text, start + 4, end), end))
    const colon = text.indexOf(':', start)
    if (colon === start) return
    if (colon === -1 || colon >= end) this.#draft.field(text.slice(start, end), '')
    else this.#draft.field(text.slice(start, colon), text.slice(pastColon(text, colon, end), end))
  }

  /** How many bytes of a line that has not ended are kept. */
  get #kept(): number {
    return this.#start.length + this.#carry.length
  }

  /** `text`: the same, where it is ASCII. */
  #keep(chunk: Uint8Array, start: number, end: number, text: string | undefined): void {
    // Asked before: making room for what is refused would take twice the limit.
    this.#draft.expect(this.#kept + end - start)
    if (text !== undefined && this.#carry.length === 0) this.#start += text
    else this.#carry.push(chunk, start, end)
  }
}

function indexOrEnd(text: string, from: number): number {
  const at = text.indexOf('\r', from)
  return at === -1 ? text.length : at
}
