import { isRecord } from '@wayfare/provider-kit'
import { records, type Wire } from './wire.ts'

/** The text around the content of one chunk, and around the random padding that one vendor puts behind it. */
interface Shape {
  readonly before: string
  readonly after: string
  /** The text behind the padding; undefined when there is none, and `after` reaches to the end. */
  readonly end: string | undefined
}

const CONTENT = '"content":"'
const PADDING = '"obfuscation":"'
const MARK = 'wayfare-mark'
const LONGEST_PAUSE = 256

/**
 * Most chunks of a stream differ in nothing but the text they bring. Once a chunk was parsed, and parsed again with a mark in
 * place of its text to prove where that text stands, a later event that equals it before and after can only parse to the same
 * object with another text: then that string alone is decoded. Everything else is parsed as ever.
 */
export class ContentTemplate {
  #shape: Shape | undefined
  #hits = 0
  /** How many chunks to let pass before learning anew; grows while learning does not pay. */
  #pause = 0
  #waited = 0

  /** The content of an event like the one learnt; undefined for any other, and for one without content. */
  read(data: string): string | undefined {
    const shape = this.#shape
    if (shape === undefined) return undefined
    const start = shape.before.length
    if (data.slice(0, start) !== shape.before) return undefined
    const close = closingQuote(data, start)
    if (close === -1 || close === start) return undefined
    const next = close + shape.after.length
    if (data.slice(close, next) !== shape.after) return undefined
    if (shape.end === undefined ? data.length !== next : !endsSo(data, next, shape.end)) return undefined
    const content = decode(data.slice(start, close))
    if (content !== undefined) this.#hits++
    return content
  }

  /** Learns from a chunk that brought content and nothing else. */
  learn(data: string, chunk: Wire): void {
    if (this.#waited++ < this.#pause) return
    this.#pause = this.#shape !== undefined && this.#hits === 0 ? Math.min(LONGEST_PAUSE, this.#pause * 2 + 1) : 0
    this.#waited = 0
    this.#hits = 0
    const shape = shapeOf(data)
    this.#shape = shape !== undefined && proves(shape, chunk) ? shape : undefined
  }
}

function shapeOf(data: string): Shape | undefined {
  const start = data.indexOf(CONTENT) + CONTENT.length
  if (start < CONTENT.length) return undefined
  const close = closingQuote(data, start)
  if (close === -1) return undefined
  const before = data.slice(0, start)
  const padding = data.indexOf(PADDING, close)
  if (padding === -1) return { before, after: data.slice(close), end: undefined }
  const open = padding + PADDING.length
  const shut = closingQuote(data, open)
  return shut === -1 ? undefined : { before, after: data.slice(close, open), end: data.slice(shut) }
}

/** With marks in the holes, exactly the content (and the padding) must become the marks. */
function proves({ before, after, end }: Shape, chunk: Wire): boolean {
  let marked: unknown
  try {
    marked = JSON.parse(before + MARK + after + (end === undefined ? '' : MARK + end))
  } catch {
    return false
  }
  const mine = deltaOf(chunk)
  const theirs = deltaOf(marked)
  if (!isRecord(marked) || mine === undefined || theirs === undefined || theirs['content'] !== MARK) return false
  theirs['content'] = mine['content']
  if (end !== undefined) {
    if (marked['obfuscation'] !== MARK) return false
    marked['obfuscation'] = chunk['obfuscation']
  }
  return JSON.stringify(marked) === JSON.stringify(chunk)
}

function deltaOf(chunk: unknown): Record<string, unknown> | undefined {
  const delta = isRecord(chunk) ? records(chunk['choices'])[0]?.['delta'] : undefined
  return isRecord(delta) ? delta : undefined
}

/** The first quote that no backslash takes away. */
function closingQuote(data: string, start: number): number {
  let close = data.indexOf('"', start)
  while (close > start && data.charCodeAt(close - 1) === 92 && backslashes(data, start, close) % 2 === 1) {
    close = data.indexOf('"', close + 1)
  }
  return close
}

function backslashes(data: string, start: number, end: number): number {
  let count = 0
  while (end - 1 - count >= start && data.charCodeAt(end - 1 - count) === 92) count++
  return count
}

function endsSo(data: string, from: number, end: string): boolean {
  const shut = data.length - end.length
  return shut >= from && data.slice(shut) === end && /^[\w+/=-]*$/.test(data.slice(from, shut))
}

/** What a JSON string holds; undefined when it is none. */
function decode(body: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- JSON strings must not hold them
  if (!/[\0-\x1f\\]/.test(body)) return copy(body)
  try {
    return JSON.parse(`"${body}"`) as string // it begins and ends with quotes: a string or an error
  } catch {
    return undefined
  }
}

/** A slice of 13 characters or more keeps the whole event alive. */
function copy(slice: string): string {
  return slice.length < 13 ? slice : (JSON.parse(`"${slice}"`) as string) // as above
}
