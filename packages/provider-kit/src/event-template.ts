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
const LONGEST_PAUSE = 256
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
  /** The wanted string of the event that `match` has met. */
  data = ''
  readonly #at: TemplateHoles['at']
  readonly #ignored: readonly string[]
  #shape: Shape | undefined
  /** The lines of the stream up to the first hole, and behind the last one. */
  #head: string | undefined
  #foot = ''
  #hits = 0
  #misses = 0
  /** How many events to let pass before learning anew; grows while learning does not pay. */
  #pause = 0
  #waited = 0
  /** Where the wanted string was found, and whether it may be taken as it stands. */
  #open = 0
  #close = 0
  #plain = false

  constructor({ at, ignored = [] }: TemplateHoles) {
    this.#at = at
    this.#ignored = ignored
  }

  /** The wanted string of an event like the one learnt; undefined for any other event. */
  read(data: string): string | undefined {
    const shape = this.#shape
    if (shape === undefined) return undefined
    const from = this.#walk(data, 0, shape.around[0]!, shape)
    if (from === -1 || !endsLike(data, from, shape.around[shape.holes.length]!)) return undefined
    const text = this.#decode(data)
    if (text !== undefined) this.#hits++
    return text
  }

  /** The same for an event among the lines of a stream, once `learn` was told how its name is written there. */
  match(text: string, at: number): number {
    const shape = this.#shape
    const head = this.#head
    if (shape === undefined || head === undefined) return -1
    const from = this.#walk(text, at, head, shape)
    const end = from + this.#foot.length
    if (from === -1 || this.#open === this.#close || text.slice(from, end) !== this.#foot) return this.#missed()
    const wanted = this.#decode(text)
    if (wanted === undefined) return this.#missed()
    this.#hits++
    this.#misses = 0
    this.data = wanted
    return end
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
    const shape = shapeOf(data, String(this.#at.at(-1)), this.#ignored)
    this.#shape = shape !== undefined && this.#proves(shape, event) ? shape : undefined
    this.#head = undefined
    if (this.#shape === undefined) return false
    if (name !== undefined && this.#misses < MOST_MISSES) this.#frame(this.#shape, name)
    return true
  }

  /** How most servers write an event of that name. */
  #frame({ around, holes }: Shape, name: string): void {
    // Texts put together are compared more slowly until they are copied.
    this.#head = copied(`${name === 'message' ? '' : `event: ${name}\n`}data: ${around[0]}`)
    this.#foot = copied(`${around[holes.length]}\n\n`)
  }

  #missed(): -1 {
    if (++this.#misses === MOST_MISSES) this.#head = undefined
    return -1
  }

  /** Goes from hole to hole; where the text behind the last one begins, or -1. */
  #walk(text: string, at: number, first: string, { around, holes }: Shape): number {
    let from = at
    for (let i = 0; i < holes.length; i++) {
      const before = i === 0 ? first : around[i]!
      const open = from + before.length
      // A slice costs nothing; `startsWith` at an offset costs more than reading the event.
      if (text.slice(from, open) !== before) return -1
      from = this.#holeEnd(text, open, holes[i]!)
      if (from === -1) return -1
    }
    return from
  }

  #holeEnd(text: string, open: number, kind: HoleKind): number {
    if (kind === 'padding') return paddingEnd(text, open)
    if (kind === 'number') return numberEnd(text, open)
    this.#open = open
    this.#close = this.#wantedEnd(text, open)
    return this.#close
  }

  #wantedEnd(text: string, open: number): number {
    for (let at = open; at < open + SHORT; at++) {
      const code = text.charCodeAt(at)
      this.#plain = code === 34
      if (this.#plain) return at
      // Escapes, and what must not stand in a string.
      if (code === 92 || !(code >= 32)) break
    }
    return closingQuote(text, open)
  }

  /** What the JSON string holds that was found; undefined when it is none. */
  #decode(text: string): string | undefined {
    const body = text.slice(this.#open, this.#close)
    // A slice of 13 characters or more keeps the whole text alive.
    if (this.#plain && body.length < 13) return body
    try {
      return JSON.parse(`"${body}"`) as string // it begins and ends with quotes: a string or an error
    } catch {
      return undefined
    }
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

function markOf(kind: HoleKind): string {
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
