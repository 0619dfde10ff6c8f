const LF = 10
const SPACE = 32
const COLON = 58

/** Whether a line begins with `data:`. */
export function isData(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 100 &&
    bytes[at + 1] === 97 &&
    bytes[at + 2] === 116 &&
    bytes[at + 3] === 97 &&
    bytes[at + 4] === COLON
  )
}

/** The same of text. */
export function isDataField(text: string, at: number, end: number): boolean {
  return (
    end - at > 4 &&
    text.charCodeAt(at) === 100 &&
    text.charCodeAt(at + 1) === 97 &&
    text.charCodeAt(at + 2) === 116 &&
    text.charCodeAt(at + 3) === 97 &&
    text.charCodeAt(at + 4) === COLON
  )
}

/** Where the value of a field begins: one space before it does not count. */
export function pastColon(text: string, colon: number, end: number): number {
  return colon + 1 < end && text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1
}

/** Behind the last line terminator, or `from` where there is none. `text` has one character for each byte. */
export function pastLastLine(bytes: Uint8Array, text: string, from: number): number {
  // Searching forwards is quick; backwards it is so only when something is found soon, and in bytes more than in text.
  const lf = text.indexOf('\n', from) === -1 ? -1 : bytes.lastIndexOf(LF)
  const cr = text.indexOf('\r', Math.max(from, lf)) === -1 ? -1 : text.lastIndexOf('\r')
  return Math.max(from, lf + 1, cr + 1)
}

/** The first line terminator, or the length. */
export function firstLineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from)
  const end = lf === -1 ? text.length : lf
  const cr = text.slice(from, end).indexOf('\r')
  return cr === -1 ? end : from + cr
}

/** Behind the byte order mark, which a stream may begin with; undefined when more bytes have to tell. */
export function pastMark(bytes: Uint8Array): number | undefined {
  const mark = [0xef, 0xbb, 0xbf]
  const other = mark.findIndex((byte, at) => bytes[at] !== byte)
  if (other === -1) return 3
  return other === bytes.length ? undefined : 0
}
