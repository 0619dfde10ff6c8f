import { LLMError, type LLMErrorFacts } from '@wayfare/core'
import type { ByteStream, Exchange } from './exchange.ts'
import { parseJSON } from './json.ts'
import type { TransportClock } from './system-clock.ts'

/** A successful answer. Its body is read once: as bytes, one item per network read, or whole. */
export interface WireResponse extends AsyncIterable<Uint8Array> {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  /** The essence of the media type, lower case; '' when absent. */
  readonly contentType: string
  /** The whole body, parsed; throws `protocol` when it is not JSON, `response_too_large` beyond 256 MiB. */
  json(): Promise<unknown>
  text(): Promise<string>
  /**
   * Call it once the protocol's own terminator was read: when the body ends right behind it, the connection can be used
   * again. Waits 50 ms at most and never throws.
   */
  drain(): Promise<void>
}

const MAX_BODY = 256 * 1024 * 1024

export function wireResponse(
  { status, headers, body }: Exchange,
  facts: LLMErrorFacts,
  clock: TransportClock,
): WireResponse {
  const { provider } = facts
  // Decoded as it arrives: bytes, their copy and the text at once would be three times the limit.
  const text = async (): Promise<string> => {
    const decoder = new TextDecoder()
    const pieces: string[] = []
    let length = 0
    let last: Uint8Array | undefined
    for (;;) {
      const { done, value } = await body.next()
      if (done) break
      length += value.length
      if (length > MAX_BODY) {
        await body.return()
        const message = `the answer of ${provider} is larger than 256 MiB`
        throw new LLMError('response_too_large', message, { ...facts, billed: 'yes' })
      }
      if (last !== undefined) pieces.push(decoder.decode(last, { stream: true }))
      last = value
    }
    // Most bodies come in one read, which is decoded far quicker when nothing can follow.
    return pieces.join('') + decoder.decode(last)
  }
  const json = async (): Promise<unknown> => {
    const whole = await text()
    if (whole !== '') return parseJSON(whole)
    throw new LLMError('protocol', `${provider} answered with an empty body`, { ...facts, billed: 'no' })
  }
  return {
    status,
    headers,
    contentType: essence(headers),
    [Symbol.asyncIterator]: () => body,
    text,
    json,
    drain: () => drain(body, clock),
  }
}

export function essence(headers: ReadonlyMap<string, string>): string {
  return (headers.get('content-type')?.split(';', 1)[0] ?? '').trim().toLowerCase()
}

async function drain(body: ByteStream, clock: TransportClock): Promise<void> {
  let late = (): void => {}
  const limit = new Promise<undefined>((resolve) => (late = () => resolve(undefined)))
  const timer = clock.timer(50, late)
  const end = (async () => {
    while (!(await body.next()).done);
  })()
  await Promise.race([end, limit]).catch(() => {})
  timer.clear()
}

/** At most so many bytes of a body; when there are more, the connection is closed. */
export async function readUpTo(body: ByteStream, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await body.next()
    if (done) break
    chunks.push(value)
    length += value.length
    if (length > limit) break
  }
  if (length > limit) await body.return()
  const bytes = new Uint8Array(Math.min(length, limit))
  let at = 0
  for (const chunk of chunks) {
    const part = chunk.subarray(0, bytes.length - at)
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
