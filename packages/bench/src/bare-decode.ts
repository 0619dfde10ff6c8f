import { isAscii } from 'node:buffer'
import { latin1Slice } from './latin1-slice.ts'

/** What stands around the text of events that differ in nothing else. */
export interface Pattern {
  /** From the text of one event to that of the next. */
  readonly joint: string
}

/** Of an event, as its vendor writes it, and the field that its text stands in. */
export function patternOf(event: string, field: string): Pattern {
  const open = event.indexOf(`"${field}":"`) + field.length + 4
  const joint = event.slice(event.indexOf('"', open)) + event.slice(0, open)
  // A copy: a piece of a longer text is compared more slowly.
  return { joint: Buffer.from(joint).toString() }
}

/**
 * The least that comes from bytes to text deltas by comparing each event with the one before: no call, no stream, no lines, no
 * checks, and the events that a read cuts in two are left out. Returns how many it found.
 */
export function bareDecode(chunks: readonly Uint8Array[], { joint }: Pattern): number {
  let found = 0
  for (const chunk of chunks) {
    if (!isAscii(chunk)) throw new Error('the stream is another one')
    const text = latin1Slice.call(chunk, 0, chunk.length)
    const out: { readonly type: 'text_delta'; readonly text: string }[] = []
    let more = text.indexOf(joint)
    while (more !== -1) {
      const open = more + joint.length
      const close = closingQuote(text, open)
      const plain = close - open < 13 && text.charCodeAt(close) === QUOTE
      if (plain) out.push({ type: 'text_delta', text: text.slice(open, close) })
      const end = plain ? close : text.indexOf(joint, open)
      if (!plain && end !== -1)
        out.push({ type: 'text_delta', text: JSON.parse(text.slice(open - 1, end + 1)) as string })
      more = end !== -1 && text.slice(end, end + joint.length) === joint ? end : -1
    }
    found += out.length
  }
  return found
}

const QUOTE = 34
const BACKSLASH = 92

/** The first quotation mark or backslash. */
function closingQuote(text: string, open: number): number {
  for (let at = open; ; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE || code === BACKSLASH || !(code >= 32)) return at
  }
}
