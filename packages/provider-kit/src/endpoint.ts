import { abortOf, systemClock, type LLMError, type ProviderEvent, type TransportTimeouts } from '@wayfare/core'
import { AnswerStream, type Opened } from './answer-stream.ts'
import type { ApiKey } from './api-key.ts'
import { checkBaseURL } from './base-url.ts'
import { Credential } from './credential.ts'
import type { Decoder } from './decoder.ts'
import type { Exchange, ExchangeRequest, Holder, Transport } from './exchange.ts'
import { fetchTransport } from './fetch-transport.ts'
import { unpacked } from './gunzip.ts'
import { isSuccess, refusalOf } from './refusal.ts'
import { essence, wireResponse, type AnswerHead, type WireResponse } from './response.ts'
import type { TransportClock } from './transport-clock.ts'
import { undiciTransport } from './transport.ts'
import { checkProxy } from './tunnel.ts'
import type { ErrorReader } from './wire-error.ts'

export interface EndpointOptions {
  /** The name for errors. */
  readonly provider: string
  /** https, or http on this machine; without credentials and query. */
  readonly baseURL: string | URL
  /** Plain http beyond this machine is meant. */
  readonly allowInsecure?: boolean | undefined
  /** Asked at each request, and once more when it is a function whose key was refused. */
  readonly apiKey?: ApiKey | undefined
  /** What to do when the key is missing, as `set X_API_KEY or pass apiKey`. Without it a missing key is fine. */
  readonly missingKey?: string | undefined
  /** The headers that carry the key; default `authorization: Bearer`. */
  readonly authorize?: ((key: string) => Record<string, string>) | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly readError?: ErrorReader | undefined
  /** URL of an HTTP proxy. */
  readonly proxy?: string | undefined
  /** Used instead of undici. */
  readonly fetch?: typeof fetch | undefined
}

/** A request, and how its answer is read. */
export interface Question {
  readonly path: string
  /** Sent as JSON. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Made once, for an answer that succeeds. */
  readonly decoder: (head: AnswerHead) => Decoder
  /** What is asked instead when this was refused; undefined when there is nothing else to ask. */
  readonly instead?: ((refusal: unknown) => Question | undefined) | undefined
}

/** A base URL with its credential. Failures are `LLMError`s that never hold the key. */
export interface Endpoint {
  /**
   * Posts a question and decodes its answer: the events of one network read come together. The question is made and sent by
   * the first pull; leaving closes the connection at once.
   */
  ask(question: () => Question, request: EndpointRequest): AsyncIterableIterator<readonly ProviderEvent[]>
  /** Resolves with a successful answer whose body may be read; throws for every other status. */
  post(path: string, body: unknown, request: EndpointRequest): Promise<WireResponse>
  /** The JSON body of a successful answer. */
  get(path: string, options?: GetOptions): Promise<unknown>
  /** Closes idle connections. */
  close(): Promise<void>
}

/** What a request needs of its call; a `ProviderRequest` fits. */
export interface EndpointRequest {
  readonly signal: AbortSignal
  readonly model?: string | undefined
  readonly clock?: TransportClock | undefined
  readonly timeout?: TransportTimeouts | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export interface GetOptions {
  readonly signal?: AbortSignal | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

const TIMEOUTS: TransportTimeouts = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 }

export function endpoint(options: EndpointOptions): Endpoint {
  const { provider } = options
  const base = checkBaseURL(provider, options.baseURL, options.allowInsecure)
  const credential = new Credential(options)
  const proxy = options.proxy === undefined ? undefined : checkProxy(provider, options.proxy)
  const transport: Transport = options.fetch ? fetchTransport(options.fetch) : undiciTransport(base, proxy)
  let last = { path: '', url: base, sent: base.pathname }

  return {
    ask(question, request) {
      const open = async (holder: Holder): Promise<Opened> => answerOf(question(), request, holder)
      return new AnswerStream(open, request.clock ?? systemClock)
    },
    async post(path, body, request) {
      const sent = prepare('POST', path, request, JSON.stringify(body))
      return wireResponse(await exchange(sent, request.headers), sent.facts)
    },
    async get(path, { signal = new AbortController().signal, headers } = {}) {
      const sent = prepare('GET', path, { signal })
      return wireResponse(await exchange(sent, headers), sent.facts).json()
    },
    close: () => transport.close(),
  }

  async function answerOf(question: Question, request: EndpointRequest, holder: Holder): Promise<Opened> {
    const { path, headers: added, decoder } = question
    try {
      const sent = prepare('POST', path, request, JSON.stringify(question.body), holder)
      const { status, headers, body } = await exchange(sent, added)
      return { body, decoder: decoder({ status, headers, contentType: essence(headers) }) }
    } catch (refusal) {
      const other = question.instead?.(refusal)
      if (other === undefined) throw refusal
      return answerOf(other, request, holder)
    }
  }

  function prepare(
    method: 'GET' | 'POST',
    path: string,
    request: EndpointRequest,
    body?: string,
    holder?: Holder,
  ): Prepared {
    // Most requests go where the last one went.
    if (path !== last.path) {
      const url = new URL(path.replace(/^\/+/, ''), base)
      last = { path, url, sent: url.pathname + url.search }
    }
    return {
      method,
      url: last.url,
      path: last.sent,
      body,
      signal: abortOf(request),
      holder,
      clock: request.clock ?? systemClock,
      timeout: request.timeout ?? TIMEOUTS,
      facts: { provider, model: request.model },
    }
  }

  /** Sends with the key; when it is refused once more with another one, if there is a function to ask for it. */
  async function exchange(request: Prepared, added: EndpointRequest['headers'], refused?: Refused): Promise<Exchange> {
    const given = credential.read()
    const key = typeof given === 'object' ? await given : given
    if (refused !== undefined && key === refused.key) throw refused.error
    const sent = { ...request, headers: credential.headers(request.method, key, added) }
    const answer = unpacked(await transport.send(sent), request.facts)
    if (key !== undefined) answer.headers.hold(key)
    if (isSuccess(answer)) return answer
    const error = await refusalOf(answer, sent, options.readError)
    // By its meaning, not by the status: not every vendor says 401.
    if (refused !== undefined || !credential.renewable || error.kind !== 'auth') throw error
    return exchange(request, added, { key, error })
  }
}

type Prepared = Omit<ExchangeRequest, 'headers'>

interface Refused {
  readonly key: string | undefined
  readonly error: LLMError
}
