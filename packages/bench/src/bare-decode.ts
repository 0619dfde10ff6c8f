import { isAscii } from 'node:buffer'
import { latin1Slice } from './slices.ts'

const QUOTE = 34
const BACKSLASH = 92

/** What stands between the texts of two events that differ in nothing else. `field`: of an event, where its text stands. */
export function jointOf(event: string, field: string): string {
  const open = event.indexOf(`"${field}":"`) + field.length + 4
  const joint = event.slice(event.indexOf('"', open)) + event.slice(0, open)
  // A copy: a piece of a longer text is compared more slowly.
  return Buffer.from(joint).toString()
}

/**
 * The least that leads from bytes to text deltas where each event is compared with the one before: no call, no stream, no lines,
 * no checks, and nothing for the events that a read cuts in two. Returns how many it found.
 */
export function bareDecode(chunks: readonly Uint8Array[], joint: string): number {
  let found = 0
  for (const chunk of chunks) {
    if (!isAscii(chunk)) throw new Error('the stream is another one')
    const text = latin1Slice.call(chunk, 0, chunk.length)
    const out: { readonly type: 'text_delta'; readonly text: string }[] = []
    for (let open = text.indexOf(joint) + joint.length; ;) {
      let close = plainEnd(text, open)
      const plain = text.charCodeAt(close) === QUOTE
      if (!plain) close = text.indexOf(joint, close)
      if (close === -1 || text.slice(close, close + joint.length) !== joint) break
      // Longer pieces would keep all of the text alive; between quotes there is a string.
      const short = plain && close - open < 13
      const piece = short ? text.slice(open, close) : (JSON.parse(text.slice(open - 1, close + 1)) as string)
      out.push({ type: 'text_delta', text: piece })
      open = close + joint.length
    }
    found += out.length
  }
  return found
}

/** Where the text ends, or the first character that a parser has to look at. */
function plainEnd(text: string, open: number): number {
  let at = open
  let code = text.charCodeAt(at)
  while (code !== QUOTE && code !== BACKSLASH && code >= 32) code = text.charCodeAt(++at)
  return at
}
