import { LLMError } from '@wayfare/core'

const MAX_LINE = 32 * 1024 * 1024

/** Cuts bytes into lines, without their line ends, without empty ones. */
export class LineSplitter {
  readonly #decoder = new TextDecoder()
  /** What came of a line that has not ended. */
  #rest = ''

  /** The lines that these bytes complete. Throws `response_too_large` for a line beyond 32 MiB. */
  feed(chunk: Uint8Array): readonly string[] {
    const parts = this.#decoder.decode(chunk, { stream: true }).split('\n')
    const rest = parts.pop() ?? ''
    if (parts.length > 0) {
      parts[0] = this.#rest + parts[0]
      this.#rest = rest
    } else this.#rest += rest
    if (this.#rest.length > MAX_LINE)
      throw new LLMError('response_too_large', 'the server sent a line of more than 32 MiB')
    return clean(parts)
  }

  /** A last line without an end counts. */
  end(): readonly string[] {
    return clean([this.#rest + this.#decoder.decode()])
  }
}

/** The lines of a body, those of one network read together. Throws `response_too_large` for a line beyond 32 MiB. */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[], void, undefined> {
  const splitter = new LineSplitter()
  for await (const chunk of body) {
    const complete = splitter.feed(chunk)
    if (complete.length > 0) yield complete
  }
  const last = splitter.end()
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
