import type { SSEDecode } from '@wayfare/sse'
import { copied } from './copied.ts'
import { closingQuote, endsLike, numberEnd, paddingEnd, shapeOf, type HoleKind, type Shape } from './event-shape.ts'
import { isRecord } from './json.ts'

/** Where events that are alike differ. */
export interface TemplateHoles {
  /** Where the string stands that is wanted, such as `['choices', 0, 'delta', 'content']`. */
  readonly at: readonly (string | number)[]
  /** Top-level fields that differ from event to event and mean nothing: random padding, running numbers. */
  readonly ignored?: readonly string[] | undefined
}

const MARK = 'wayfare-mark'
const NUMBER = 4_815_162_342
const NONE: readonly string[] = []
const LONGEST_PAUSE = 256
/** A slice of so many characters is no copy: it keeps the whole text alive. */
const SHARED = 13
/** So many characters are looked at one by one, which is quicker than two searches; longer strings are few. */
const SHORT = 48
/** Events that begin otherwise than was expected, in a row, before none is expected any more. */
const MOST_MISSES = 64

/**
 * Most events of a stream differ in nothing but the text they bring. Once an event was parsed, and parsed again with marks in
 * place of its text and padding to prove where these stand, a later event that equals it around them can only parse to the
 * same object with another text: then that string alone is decoded. Everything else is left to the parser.
 */
export class EventTemplate {
  readonly #at: TemplateHoles['at']
  readonly #ignored: readonly string[]
  #shape: Shape | undefined
  #joint: string | undefined
  /** Whether events are looked for among the lines of a stream. */
  #framed = false
  #hits = 0
  #misses = 0
  /** How many events to let pass before learning anew; grows while learning does not pay. */
  #pause = 0
  #waited = 0
  /** Where the wanted string was found, and whether it means what stands there. */
  #open = 0
  #close = 0
  #plain = false
  #ascii = true

  constructor({ at, ignored = NONE }: TemplateHoles) {
    this.#at = at
    this.#ignored = ignored
  }

  /** The wanted string of an event like the one learnt; undefined for any other event. */
  read(data: string): string | undefined {
    const shape = this.#shape
    if (shape === undefined) return undefined
    const { first, last } = shape
    // A slice costs nothing; `startsWith` at an offset costs more than reading the event.
    if (data.slice(0, first.length) !== first) return undefined
    const from = this.#walk(data, first.length, shape)
    if (from === -1 || !endsLike(data, from, last)) return undefined
    const text = this.#decode(data)
    if (text !== undefined) this.#hits++
    return text
  }

  /**
   * The same for events among the lines of a stream, as many as stand there one behind the other, once `learn` was told how
   * their name is written: hands out their strings, and says where the first other event begins; -1 when that is at once.
   * `decode`: as `SSESink.match` is given it.
   */
  match(text: string, at: number, take: (piece: string) => void, decode?: SSEDecode): number {
    const shape = this.#shape
    if (shape === undefined || !this.#framed) return -1
    const { head, foot } = shape
    let past = -1
    let from = at + head.length
    let more = text.slice(at, from) === head
    while (more) {
      from = this.#walk(text, from, shape)
      if (from === -1 || this.#open === this.#close) break
      const end = from + foot.length
      more = end < text.length && this.#joins(text, from)
      if (!more && text.slice(from, end) !== foot) break
      const piece = this.#decode(text, decode)
      if (piece === undefined) break
      take(piece)
      past = end
      from = end + head.length
    }
    if (past === -1) this.#missed()
    else this.#hit()
    return past
  }

  /**
   * Takes an event that was parsed as the pattern of those to come, if its holes are where they can be found again. Whether it
   * did; when it says no, `read` still knows the event learnt before, or none. `name`: of the event in its stream, for `match`.
   */
  learn(data: string, event: unknown, name?: string): boolean {
    if (this.#waited++ < this.#pause) return false
    this.#pause = this.#shape !== undefined && this.#hits === 0 ? Math.min(LONGEST_PAUSE, this.#pause * 2 + 1) : 0
    this.#waited = 0
    this.#hits = 0
    const shape = shapeOf(data, String(this.#at.at(-1)), this.#ignored, name)
    this.#shape = shape !== undefined && this.#proves(shape, event) ? shape : undefined
    this.#joint = undefined
    this.#framed = name !== undefined && this.#misses < MOST_MISSES && shape?.ascii === true
    return this.#shape !== undefined
  }

  /** Whether the end of an event and the beginning of another one stand here: what is compared at once is compared quicker. */
  #joins(text: string, at: number): boolean {
    // Not a piece of a longer text, which would be compared more slowly. Where events come singly nobody needs it.
    const joint = (this.#joint ??= copied(this.#shape!.foot + this.#shape!.head))
    return text.slice(at, at + joint.length) === joint
  }

  #hit(): void {
    this.#hits++
    this.#misses = 0
  }

  #missed(): void {
    if (++this.#misses === MOST_MISSES) this.#framed = false
  }

  /** Goes from hole to hole; where the text behind the last one begins, or -1. */
  #walk(text: string, open: number, { between, holes }: Shape): number {
    let from = this.#holeEnd(text, open, holes[0]!)
    for (let i = 1; i < holes.length && from !== -1; i++) {
      const before = between[i - 1]!
      const next = from + before.length
      if (text.slice(from, next) !== before) return -1
      from = this.#holeEnd(text, next, holes[i]!)
    }
    return from
  }

  #holeEnd(text: string, open: number, kind: HoleKind): number {
    if (kind === 'padding') return paddingEnd(text, open)
    if (kind === 'number') return numberEnd(text, open)
    return this.#wantedEnd(text, open)
  }

  #wantedEnd(text: string, open: number): number {
    let at = open
    let code = text.charCodeAt(at)
    let all = 0
    // Up to the quote, an escape, or what must not stand in a string.
    while (code !== 34 && code !== 92 && code >= 32 && at < open + SHORT) {
      all |= code
      code = text.charCodeAt(++at)
    }
    this.#open = open
    this.#plain = code === 34
    this.#ascii = all < 128
    this.#close = code === 34 ? at : closingQuote(text, open)
    return this.#close
  }

  /** What the JSON string holds that was found; undefined when it is none. */
  #decode(text: string, decode?: SSEDecode): string | undefined {
    const open = this.#open
    const close = this.#close
    if (this.#plain && close - open < SHARED && (this.#ascii || decode === undefined)) return text.slice(open, close)
    if (this.#plain && decode !== undefined) return decode(open, close)
    try {
      return JSON.parse(decode === undefined ? text.slice(open - 1, close + 1) : decode(open - 1, close + 1)) as string // between quotes: a string or an error
    } catch {
      return undefined
    }
  }

  /** With marks in the holes, exactly the wanted string and what is ignored must become the marks. */
  #proves({ first, between, last, holes }: Shape, event: unknown): boolean {
    let marked: unknown
    try {
      marked = JSON.parse(first + holes.map((kind, i) => markOf(kind) + (between[i] ?? last)).join(''))
    } catch {
      return false
    }
    if (!isRecord(marked) || !isRecord(event)) return false
    for (const field of this.#ignored) {
      if (marked[field] !== undefined && marked[field] !== MARK && marked[field] !== NUMBER) return false
      if (event[field] !== undefined) marked[field] = event[field]
    }
    return sameBut(marked, event, this.#at, 0)
  }
}

function markOf(kind: HoleKind): string {
  return kind === 'number' ? String(NUMBER) : MARK
}

/** Whether two values are equal, but for the mark at the end of the path. */
function sameBut(marked: unknown, event: unknown, path: TemplateHoles['at'], step: number): boolean {
  if (step === path.length) return marked === MARK
  if (Array.isArray(marked) !== Array.isArray(event)) return false
  return isHolder(marked) && isHolder(event) && sameFields(marked, event, path, step)
}

function sameFields(marked: Holder, event: Holder, path: TemplateHoles['at'], step: number): boolean {
  const names = Object.keys(marked)
  const wanted = step === -1 ? undefined : String(path[step])
  let met = wanted === undefined
  if (names.length !== Object.keys(event).length) return false
  for (const name of names) {
    if (!Object.hasOwn(event, name)) return false
    if (name === wanted) {
      met = true
      if (!sameBut(marked[name], event[name], path, step + 1)) return false
    } else if (!same(marked[name], event[name])) return false
  }
  return met
}

function same(a: unknown, b: unknown): boolean {
  if (!isHolder(a) || !isHolder(b)) return Object.is(a, b)
  return Array.isArray(a) === Array.isArray(b) && sameFields(a, b, NONE, -1)
}

/** An object or array: parsed from JSON, so that its fields are all there is to it. */
type Holder = Readonly<Record<string, unknown>>

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null
}
