import { LLMError, type LLMErrorFacts } from '@wayfare/core'
import { BodyText } from './body-text.ts'
import type { ByteStream, Exchange } from './exchange.ts'
import { parseJSON } from './json.ts'

/** What an answer begins with. */
export interface AnswerHead {
  readonly status: number
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  /** The essence of the media type, lower case; '' when absent. */
  readonly contentType: string
}

/** A successful answer. Its body is read once: as bytes, one item per network read, or whole. */
export interface WireResponse extends AnswerHead, AsyncIterable<Uint8Array> {
  /** The whole body, parsed; throws `protocol` when it is not JSON, `response_too_large` beyond 256 MiB. */
  json(): Promise<unknown>
  text(): Promise<string>
}

export function wireResponse({ status, headers, body }: Exchange, facts: LLMErrorFacts): WireResponse {
  const { provider } = facts
  const text = async (): Promise<string> => {
    const whole = new BodyText()
    try {
      for (;;) {
        const { done, value } = await body.next()
        if (done) return whole.end()
        whole.add(value)
      }
    } catch (error) {
      await body.return()
      throw error
    }
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
  }
}

export function essence(headers: ReadonlyMap<string, string>): string {
  const type = headers.get('content-type') ?? ''
  const end = type.indexOf(';')
  return (end === -1 ? type : type.slice(0, end)).trim().toLowerCase()
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
