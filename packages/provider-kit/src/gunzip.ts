import { LLMError, type LLMErrorFacts } from '@wayfare/core'
import type { ByteStream, Exchange } from './exchange.ts'
import { PulledBytes } from './pulled-bytes.ts'

type Facts = LLMErrorFacts & { readonly provider: string }

/** Bytes of one answer once unpacked; a small body can hold any number of them. */
const MAX_UNPACKED = 256 * 1024 * 1024

/** Unpacks a body in gzip, which some proxies send although asked not to. Every other encoding is left as it is. */
export function unpacked(answer: Exchange, facts: Facts): Exchange {
  if (encodingOf(answer.headers) !== 'gzip') return answer
  return { ...answer, body: new Gunzipped(answer.body, facts) }
}

/** Lower case; '' when the body is plain. */
export function encodingOf(headers: ReadonlyMap<string, string>): string {
  const encoding = (headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (encoding === 'identity') return ''
  return encoding === 'x-gzip' ? 'gzip' : encoding
}

class Gunzipped extends PulledBytes {
  readonly #body: ByteStream

  constructor(body: ByteStream, facts: Facts) {
    super(gunzip(body, facts))
    this.#body = body
  }

  /** Closes the connection first: a generator that waits for bytes cannot be left. */
  override async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#body.return()
    return super.return()
  }
}

async function* gunzip(body: ByteStream, facts: Facts): AsyncGenerator<Uint8Array, undefined> {
  const { createGunzip } = await import('node:zlib')
  const { pipeline } = await import('node:stream')
  const unzip = createGunzip({ chunkSize: 65_536 })
  pipeline(body, unzip, () => {}) // what fails is thrown by the loop
  let length = 0
  try {
    for await (const piece of unzip as AsyncIterable<Uint8Array>) {
      length += piece.length
      if (length > MAX_UNPACKED) {
        const message = `the answer of ${facts.provider} is larger than 256 MiB once unpacked`
        throw new LLMError('response_too_large', message, { ...facts, billed: 'yes' })
      }
      yield piece
    }
  } catch (error) {
    if (LLMError.is(error)) throw error
    const message = `${facts.provider} sent an answer that says gzip and is none`
    throw new LLMError('protocol', message, { ...facts, billed: 'yes' })
  } finally {
    await body.return()
  }
  return undefined
}
