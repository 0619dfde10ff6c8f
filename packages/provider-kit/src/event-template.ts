import { copied } from './copied.ts'
import { isRecord } from './json.ts'

/** Where events that are alike differ. */
export interface TemplateHoles {
  /** Where the string stands that is wanted, such as `['choices', 0, 'delta', 'content']`. */
  readonly at: readonly (string | number)[]
  /** Top-level fields that differ from event to event and mean nothing: random padding, running numbers. */
  readonly ignored?: readonly string[] | undefined
}

type Kind = 'wanted' | 'padding' | 'number'

/** The text around the holes, and what the holes are: one more piece of text than holes. */
interface Shape {
  readonly around: readonly string[]
  readonly holes: readonly Kind[]
}

const MARK = 'wayfare-mark'
const NUMBER = 4_815_162_342
const LONGEST_PAUSE = 256

/**
 * Most events of a stream differ in nothing but the text they bring. Once an event was parsed, and parsed again with marks in
 * place of its text and padding to prove where these stand, a later event that equals it around them can only parse to the
 * same object with another text: then that string alone is decoded. Everything else is left to the parser.
 */
export class EventTemplate {
  readonly #at: TemplateHoles['at']
  readonly #ignored: readonly string[]
  #shape: Shape | undefined
  #hits = 0
  /** How many events to let pass before learning anew; grows while learning does not pay. */
  #pause = 0
  #waited = 0

  constructor({ at, ignored = [] }: TemplateHoles) {
    this.#at = at
    this.#ignored = ignored
  }

  /** The wanted string of an event like the one learnt; undefined for any other event. */
  read(data: string): string | undefined {
    const shape = this.#shape
    if (shape === undefined) return undefined
    const { around, holes } = shape
    let from = 0
    let wanted = -1
    let end = -1
    for (let i = 0; i < holes.length; i++) {
      const before = around[i]!
      const open = from + before.length
      if (data.slice(from, open) !== before) return undefined
      const kind = holes[i]
      from =
        kind === 'wanted'
          ? closingQuote(data, open)
          : kind === 'padding'
            ? paddingEnd(data, open)
            : numberEnd(data, open)
      if (from === -1) return undefined
      if (kind !== 'wanted') continue
      wanted = open
      end = from
    }
    if (!endsLike(data, from, around[holes.length]!)) return undefined
    const text = decode(data.slice(wanted, end))
    if (text !== undefined) this.#hits++
    return text
  }

  /**
   * Takes an event that was parsed as the pattern of those to come, if its holes are where they can be found again. Whether it
   * did; when it says no, `read` still knows the event learnt before, or none.
   */
  learn(data: string, event: unknown): boolean {
    if (this.#waited++ < this.#pause) return false
    this.#pause = this.#shape !== undefined && this.#hits === 0 ? Math.min(LONGEST_PAUSE, this.#pause * 2 + 1) : 0
    this.#waited = 0
    this.#hits = 0
    const shape = shapeOf(data, String(this.#at.at(-1)), this.#ignored)
    this.#shape = shape !== undefined && this.#proves(shape, event) ? shape : undefined
    return this.#shape !== undefined
  }

  /** With marks in the holes, exactly the wanted string and what is ignored must become the marks. */
  #proves({ around, holes }: Shape, event: unknown): boolean {
    let marked: unknown
    try {
      marked = JSON.parse(around.map((text, i) => text + (i === holes.length ? '' : markOf(holes[i]!))).join(''))
    } catch {
      return false
    }
    if (!isRecord(marked) || !isRecord(event)) return false
    for (const field of this.#ignored) {
      if (marked[field] !== undefined && marked[field] !== MARK && marked[field] !== NUMBER) return false
      if (event[field] !== undefined) marked[field] = event[field]
    }
    return valueAt(marked, this.#at) === MARK && sameBut(marked, event, this.#at)
  }
}

function markOf(kind: Kind): string {
  return kind === 'number' ? String(NUMBER) : MARK
}

function valueAt(value: unknown, path: TemplateHoles['at']): unknown {
  // Reading a property of whatever is no null or undefined is always safe.
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown> | null | undefined)?.[key],
    value,
  )
}

function sameBut(marked: unknown, event: unknown, path: TemplateHoles['at']): boolean {
  const holder = valueAt(marked, path.slice(0, -1))
  if (!isRecord(holder)) return false
  holder[String(path.at(-1))] = valueAt(event, path)
  return JSON.stringify(marked) === JSON.stringify(event)
}

function shapeOf(data: string, wanted: string, ignored: readonly string[]): Shape | undefined {
  const found = [wanted, ...ignored].flatMap((name) => hole(data, name, name === wanted) ?? [])
  if (found[0]?.kind !== 'wanted') return undefined
  const ordered = found.toSorted((a, b) => a.open - b.open)
  const ends = [0, ...ordered.map(({ close }) => close)]
  const around = ends.map((end, i) => copied(data.slice(end, ordered[i]?.open)))
  return { around, holes: ordered.map(({ kind }) => kind) }
}

interface Hole {
  readonly kind: Kind
  readonly open: number
  readonly close: number
}

/** A quotation mark inside a string is escaped, so that `"name":` can only be the name of a field. */
function hole(data: string, name: string, wanted: boolean): Hole | undefined {
  const field = `"${name}":`
  const at = data.indexOf(field)
  if (at === -1) return undefined
  let open = at + field.length
  while (data[open] === ' ') open++
  const quoted = data[open] === '"'
  if (wanted && !quoted) return undefined
  const kind = wanted ? 'wanted' : quoted ? 'padding' : 'number'
  if (quoted) open++
  const close = quoted ? closingQuote(data, open) : numberEnd(data, open)
  return close === -1 ? undefined : { kind, open, close }
}

/** The first quote that no backslash takes away; -1 when there is none. */
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

/** Padding is made of letters, digits and `+/=_-`; anything else has to be looked at by the parser. */
function paddingEnd(data: string, start: number): number {
  let end = start
  while (isPadding(data.charCodeAt(end))) end++
  return data.charCodeAt(end) === 34 ? end : -1
}

function isPadding(code: number): boolean {
  // Letters differ from their capitals in one bit.
  const letter = code | 32
  return (
    (letter > 96 && letter < 123) ||
    (code > 46 && code < 58) ||
    code === 43 ||
    code === 45 ||
    code === 61 ||
    code === 95
  )
}

/** Numbers that JSON writes without sign, fraction, exponent or leading zero. */
function numberEnd(data: string, start: number): number {
  let end = start
  while (end - start < 16 && isDigit(data.charCodeAt(end))) end++
  if (end === start || isDigit(data.charCodeAt(end))) return -1
  return end > start + 1 && data.charCodeAt(start) === 48 ? -1 : end
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Vendors also pad their events with white space between the last brackets. */
function endsLike(data: string, from: number, last: string): boolean {
  if (data.length - from === last.length && data.slice(from) === last) return true
  let at = 0
  for (let i = from; i < data.length; i++) {
    const code = data.charCodeAt(i)
    if (code === last.charCodeAt(at) && (isBracket(code) || at === 0)) at++
    else if (at === 0 || !isSpace(code)) return false
  }
  return at === last.length
}

function isBracket(code: number): boolean {
  return code === 125 || code === 93
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
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
