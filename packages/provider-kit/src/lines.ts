import { LLMError } from '@wayfare/core'

const MAX_LINE = 32 * 1024 * 1024

/**
 * The lines of a body, those of one network read together; without their line ends, without empty ones. A last line without
 * an end counts. Throws `response_too_large` for a line beyond 32 MiB.
 */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder()
  let pieces: string[] = []
  let kept = 0
  for await (const chunk of body) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n')
    const rest = parts.pop() ?? ''
    if (parts.length > 0) {
      parts[0] = pieces.join('') + parts[0]
      pieces = []
      kept = 0
    }
    pieces.push(rest)
    kept += rest.length
    if (kept > MAX_LINE) throw new LLMError('response_too_large', 'the server sent a line of more than 32 MiB')
    const complete = clean(parts)
    if (complete.length > 0) yield complete
  }
  const last = clean([pieces.join('') + decoder.decode()])
  if (last.length > 0) yield last
}

function clean(parts: readonly string[]): string[] {
  const complete: string[] = []
  for (const part of parts) {
    const line = part.endsWith('\r') ? part.slice(0, -1) : part
    if (line !== '') complete.push(line)
  }
  return complete
}
