import type { AbortSource, LLMErrorFacts, TransportTimeouts } from '@wayfare/core'
import type { AnswerHeaders } from './answer-headers.ts'
import type { TransportClock } from './transport-clock.ts'

/** What an exchange needs of its call from beginning to end. */
export interface ExchangeFacts {
  readonly signal: AbortSource
  readonly clock: TransportClock
  readonly timeout: TransportTimeouts
  /** What every error of this exchange says: whose it is. */
  readonly facts: LLMErrorFacts & { readonly provider: string }
}

/** One HTTP request, complete: the transport adds nothing. */
export interface ExchangeRequest extends ExchangeFacts {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  /** Of the URL, with its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Who waits for the answer, if it may leave otherwise than by the signal. */
  readonly holder?: Holder | undefined
}

export interface Holder {
  readonly left: boolean
  /** Told of what may be stopped while no answer has begun. */
  hold(call: Stoppable): void
}

export interface Stoppable {
  /** Closes the connection; resolves when it is closed. */
  stop(): Promise<void>
}

/** The head of an answer, and its body as it arrives. The body must be read to its end or returned. */
export interface Exchange {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: ByteStream
}

/** One item per network read. `return()` closes the connection and resolves when it is closed. */
export interface ByteStream extends AsyncIterableIterator<Uint8Array> {
  /** What has arrived, without waiting for more. Throws why the body broke, behind everything that came before. */
  take(): Uint8Array | 'later' | 'over'
  /** Tells one reader, once, that there is something to take. */
  wait(reader: ByteReader): void
  return(): Promise<IteratorResult<Uint8Array>>
}

export interface ByteReader {
  ready(): void
}

/** Moves bytes, enforces connect, first-byte and idle timeouts, and never follows a redirect. Throws `LLMError`. */
export interface Transport {
  send(request: ExchangeRequest): Promise<Exchange>
  /** Closes idle connections. */
  close(): Promise<void>
}
