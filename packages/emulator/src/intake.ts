import type { IncomingMessage } from 'node:http'

/** A request as it came off the socket. `body` is parsed JSON, or the text when it is none, or undefined when empty. */
export interface Intake {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Record<string, string>
  readonly body: unknown
  readonly problem?: 'too_large' | 'not_json'
}

const maxBytes = 64 * 1024 * 1024

/** Reads a request to its end; undefined when the client left before. */
export async function intake(message: IncomingMessage): Promise<Intake | undefined> {
  const [path = '/', query = ''] = (message.url ?? '/').split(/\?(.*)/s)
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const facts = { method: message.method ?? 'GET', path, query: new URLSearchParams(query), headers }
  const bytes = await read(message)
  if (bytes === undefined) return undefined
  if (bytes === 'too_large') return { ...facts, body: undefined, problem: 'too_large' }
  if (bytes.length === 0) return { ...facts, body: undefined }
  const text = new TextDecoder().decode(bytes)
  try {
    return { ...facts, body: JSON.parse(text) as unknown }
  } catch {
    return { ...facts, body: text, problem: 'not_json' }
  }
}

async function read(message: IncomingMessage): Promise<Uint8Array | 'too_large' | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of message as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size <= maxBytes) chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return size > maxBytes ? 'too_large' : Buffer.concat(chunks)
}
