import type { SSEEvent } from '../src/index.ts'

/** The WHATWG text, written down as slowly and plainly as it reads: decode everything, split into lines, interpret. */
export function reference(bytes: Uint8Array): { events: SSEEvent[]; fields: [string, string][]; id: string } {
  let text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  if (text.startsWith('\uFEFF')) text = text.slice(1)
  const lines = text.split(/\r\n|\r|\n/)
  lines.pop() // what no line end closed
  const events: SSEEvent[] = []
  const fields: [string, string][] = []
  let data = ''
  let type = ''
  let id = ''
  for (const line of lines) {
    if (line === '') {
      if (data !== '') {
        const event: SSEEvent = { event: type === '' ? 'message' : type, data: data.slice(0, -1) }
        if (id !== '') event.id = id
        events.push(event)
      }
      data = ''
      type = ''
      continue
    }
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') data += `${value}\n`
    else if (name === 'event') type = value
    else if (name !== 'id') fields.push([name, value])
    else if (!value.includes('\0')) id = value
  }
  return { events, fields, id }
}
