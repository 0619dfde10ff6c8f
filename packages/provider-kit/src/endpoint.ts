import { LLMError, type ProviderEvent, type TransportTimeouts } from '@wayfare/core'
import { accept } from './accept.ts'
import { AnswerStream, type Opened } from './answer-stream.ts'
import { readKey, type ApiKey } from './api-key.ts'
import { checkBaseURL } from './base-url.ts'
import type { Decoder } from './decoder.ts'
import type { Exchange, ExchangeRequest, Holder, Transport } from './exchange.ts'
import { fetchTransport } from './fetch-transport.ts'
import { unpacked } from './gunzip.ts'
import { checkHeaders } from './headers.ts'
import { holdSecrets } from './redact.ts'
import { essence, wireResponse, type AnswerHead, type WireResponse } from './response.ts'
import { systemClock, type TransportClock } from './system-clock.ts'
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

/** What differs between requests. */
interface Prepared {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly holder?: Holder
}

const TIMEOUTS: TransportTimeouts = { connectMs: 10_000, firstByteMs: 30_000, idleMs: 30_000 }

export function endpoint(options: EndpointOptions): Endpoint {
  const { provider } = options
  const base = checkBaseURL(provider, options.baseURL, options.allowInsecure)
  const fixed = checkHeaders(provider, options.headers ?? {})
  // A key that is given as text is checked at once, so that a bad one fails where it is written.
  if (typeof options.apiKey === 'string') checkKeyText(provider, options.apiKey)
  const proxy = options.proxy === undefined ? undefined : checkProxy(provider, options.proxy)
  const transport: Transport = options.fetch ? fetchTransport(options.fetch) : undiciTransport(base.origin, proxy)

  let lastPath = ''
  let lastURL = base

  return {
    ask(question, request) {
      const open = async (holder: Holder): Promise<Opened> => answerOf(question(), request, holder)
      return new AnswerStream(open, request.clock ?? systemClock)
    },
    async post(path, body, request) {
      const sent = prepare('POST', path, request, { body: JSON.stringify(body) })
      return wireResponse(await exchange(sent), sent.facts, sent.clock)
    },
    async get(path, { signal, headers } = {}) {
      const sent = prepare('GET', path, { signal: signal ?? new AbortController().signal, headers })
      return wireResponse(await exchange(sent), sent.facts, sent.clock).json()
    },
    close: () => transport.close(),
  }

  async function answerOf(question: Question, request: EndpointRequest, holder: Holder): Promise<Opened> {
    const { path, headers, decoder } = question
    const body = JSON.stringify(question.body)
    const sent = prepare('POST', path, request, { body, holder, ...(headers && { headers }) })
    let answer: Exchange
    try {
      answer = await exchange(sent)
    } catch (refusal) {
      const other = question.instead?.(refusal)
      if (other === undefined) throw refusal
      return answerOf(other, request, holder)
    }
    const { status, headers: answered } = answer
    return { body: answer.body, decoder: decoder({ status, headers: answered, contentType: essence(answered) }) }
  }

  function prepare(
    method: 'GET' | 'POST',
    path: string,
    request: EndpointRequest,
    { body, headers = request.headers, holder }: Prepared = {},
  ): ExchangeRequest {
    return {
      method,
      url: urlOf(path),
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...fixed,
        ...(headers && checkHeaders(provider, headers)),
      },
      ...(body !== undefined && { body }),
      ...(holder && { holder }),
      signal: request.signal,
      clock: request.clock ?? systemClock,
      timeout: request.timeout ?? TIMEOUTS,
      facts: { provider, model: request.model },
    }
  }

  /** Most requests go where the last one went. */
  function urlOf(path: string): URL {
    if (path !== lastPath) {
      lastPath = path
      lastURL = new URL(path.replace(/^\/+/, ''), base)
    }
    return lastURL
  }

  /** Sends with the key; when it is refused once more with another one, if there is a function to ask for it. */
  async function exchange(request: ExchangeRequest): Promise<Exchange> {
    const key = await keyOf()
    try {
      return await accept(await sendWith(key, request), request, options.readError)
    } catch (error) {
      // By its meaning, not by the status: not every vendor says 401.
      if (typeof options.apiKey !== 'function' || !LLMError.is(error) || error.kind !== 'auth') throw error
      const renewed = await keyOf()
      if (renewed === key) throw error
      return accept(await sendWith(renewed, request), request, options.readError)
    }
  }

  async function keyOf(): Promise<string | undefined> {
    const key = await readKey(provider, options.apiKey)
    if (key === undefined && options.missingKey !== undefined) {
      throw new LLMError('config', `${provider} needs an API key; ${options.missingKey}`, { provider })
    }
    return key
  }

  async function sendWith(key: string | undefined, request: ExchangeRequest): Promise<Exchange> {
    if (key === undefined) return unpacked(await transport.send(request), request.facts)
    const credential = options.authorize?.(key) ?? { authorization: `Bearer ${key}` }
    const answer = await transport.send({ ...request, headers: { ...request.headers, ...credential } })
    holdSecrets(answer.headers, [key])
    return unpacked(answer, request.facts)
  }
}

function checkKeyText(provider: string, key: string): void {
  if (key.trim() !== '' && !/^[\x21-\x7e]{1,512}$/.test(key.trim())) {
    throw new LLMError('config', `the API key of ${provider} has invalid characters; check how it was copied`, {
      provider,
    })
  }
}
