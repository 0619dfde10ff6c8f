/** The length of a text in UTF-8: what no tokenizer that works on bytes can exceed in tokens. */
export function utf8Bytes(text: string): number {
  return typeof Buffer === 'function' ? Buffer.byteLength(text) : countBytes(text)
}

/** At least the length of a value's JSON in UTF-8, without making it. */
export function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return utf8Bytes(value) + 2
  if (typeof value !== 'object' || value === null) return 24
  let bytes = 2
  if (Array.isArray(value)) {
    for (const item of value) bytes += jsonBytes(item) + 1
    return bytes
  }
  for (const [key, item] of Object.entries(value)) bytes += utf8Bytes(key) + 4 + jsonBytes(item)
  return bytes
}

/** For where there is no Buffer. A lone surrogate counts as the three bytes of its replacement. */
function countBytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    bytes += unit < 0x800 ? 1 : 2
    if (unit >= 0xd800 && unit < 0xdc00 && text.charCodeAt(i + 1) >> 10 === 0x37) {
      // A pair is two units and four bytes.
      i++
    }
  }
  return bytes
}
