import { copied } from './copied.ts'

export type HoleKind = 'wanted' | 'padding' | 'number'

/** The text around the holes, and what the holes are. */
export interface Shape {
  /** The data up to the first hole, and behind the last one. */
  readonly first: string
  readonly last: string
  /** The same among the lines of a stream, as most servers write an event. */
  readonly head: string
  readonly foot: string
  /** From hole to hole. */
  readonly between: readonly string[]
  readonly holes: readonly HoleKind[]
  /** Whether all that stands around the holes is ASCII. */
  readonly ascii: boolean
}

/** Finds the wanted string and what is ignored by their names; undefined without the wanted one. `event`: its name. */
export function shapeOf(
  data: string,
  wanted: string,
  ignored: readonly string[],
  event = 'message',
): Shape | undefined {
  const lead = event === 'message' ? 'data: ' : `event: ${event}\ndata: `
  const found = hole(data, wanted, true)
  if (found === undefined) return undefined
  const holes = [found]
  for (const name of ignored) {
    const other = hole(data, name, false)
    if (other !== undefined) holes.push(other)
  }
  if (holes.length > 1) holes.sort((a, b) => a.open - b.open)
  // One copy for all of them, the end before the beginning: what is cut from the text of a chunk keeps that in memory.
  const text = copied(`${data.slice(holes.at(-1)!.close)}\n\n${lead}${data.slice(0, holes.at(-1)!.close)}`)
  const foot = data.length - holes.at(-1)!.close + 2
  const begin = foot + lead.length
  const opens = holes.map(({ open }) => begin + open)
  const around = {
    head: text.slice(foot, opens[0]),
    between: opens.slice(1).map((open, i) => text.slice(begin + holes[i]!.close, open)),
    foot: text.slice(0, foot),
  }
  return {
    ...around,
    first: text.slice(begin, opens[0]),
    last: text.slice(0, foot - 2),
    holes: holes.map(({ kind }) => kind),
    ascii: !/[\x80-\uffff]/.test(around.head + around.between.join('') + around.foot),
  }
}

interface Hole {
  readonly kind: HoleKind
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
export function closingQuote(data: string, start: number): number {
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

/** Padding is made of letters and digits; anything else has to be looked at by the parser. */
export function paddingEnd(data: string, start: number): number {
  for (let end = start; ; end++) {
    const code = data.charCodeAt(end)
    if (code === 34) return end
    if (!isPadding(code)) return -1
  }
}

function isPadding(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    '_+/=-'.includes(String.fromCharCode(code))
  )
}

/** Numbers that JSON writes without sign, fraction, exponent or leading zero. */
export function numberEnd(data: string, start: number): number {
  let end = start
  while (end - start < 16 && isDigit(data.charCodeAt(end))) end++
  if (end === start || isDigit(data.charCodeAt(end))) return -1
  return end > start + 1 && data.charCodeAt(start) === 48 ? -1 : end
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Vendors also pad their events with white space between the last brackets. */
export function endsLike(data: string, from: number, last: string): boolean {
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
