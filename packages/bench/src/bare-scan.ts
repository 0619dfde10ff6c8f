import { isAscii } from 'node:buffer'
import { latin1Slice, utf8Slice } from './slices.ts'

/*
 * The least that finds the events of a stream in reads of a given size, where all fields are `data: ` and all lines end in line
 * feeds: it cannot do without looking for what would be otherwise, but has no answer to it. Each hands out strings.
 */

/** One event in each read, which may hold any characters. */
export function bareAlone(chunks: readonly Uint8Array[]): number {
  let length = 0
  const take = (data: string): void => void (length += data.length)
  for (const chunk of chunks) {
    const text = utf8Slice.call(chunk, 0, chunk.length)
    const end = text.length - 2
    if (text.indexOf('\n') !== end || text.includes('\r')) throw new Error('the stream is another one')
    take(text.slice(6, end))
  }
  return length
}

/** Many events in each read, all of them ASCII; none is cut between its two line feeds. */
export function bareLines(chunks: readonly Uint8Array[]): number {
  let length = 0
  const take = (data: string): void => void (length += data.length)
  let rest = ''
  for (const chunk of chunks) {
    const text = latin1Slice.call(chunk, 0, chunk.length)
    if (!isAscii(chunk) || text.includes('\r')) throw new Error('the stream is another one')
    let at = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      take(rest === '' ? text.slice(at + 6, end) : (rest + text.slice(at, end)).slice(6))
      rest = ''
      at = end + 2
    }
    if (at < chunk.length) rest = latin1Slice.call(chunk, at, chunk.length)
  }
  return length
}

/** A few bytes in each read: they are kept until there is a line, of which nothing is made. */
export function bareBytes(chunks: readonly Uint8Array[]): number {
  const line = new Uint8Array(1_024)
  let length = 0
  let found = 0
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte !== 10 && byte !== 13) line[length++] = byte
      else {
        found++
        length = 0
      }
    }
  }
  return found
}
