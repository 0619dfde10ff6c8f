import { LLMError, type TransportTimeouts } from '@wayfare/core'
import { readKey, type ApiKey } from './api-key.ts'
import { checkBaseURL } from './base-url.ts'
import type { Exchange, ExchangeRequest, Transport } from './exchange.ts'
import { fetchTransport } from './fetch-transport.ts'
import { encodingOf, unpacked } from './gunzip.ts'
import { checkHeaders } from './headers.ts'
import { parseJSON } from './json.ts'
import { holdSecrets, redact, secretsOf } from './redact.ts'
import { essence, readUpTo, wireResponse, type WireResponse } from './response.ts'
import { systemClock, type TransportClock } from './system-clock.ts'
import { undiciTransport } from './transport.ts'
import { checkProxy } from './tunnel.ts'
import { wireError, type ErrorReader } from './wire-error.ts'

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

/** A base URL with its credential. Failures are `LLMError`s that never hold the key. */
export interface Endpoint {
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
const MAX_ERROR_BODY = 65_536

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
    async post(path, body, request) {
      const sent = prepare('POST', path, request, JSON.stringify(body))
      return wireResponse(await exchange(sent), sent.facts, sent.clock)
    },
    async get(path, { signal, headers } = {}) {
      const sent = prepare('GET', path, { signal: signal ?? new AbortController().signal, headers })
      return wireResponse(await exchange(sent), sent.facts, sent.clock).json()
    },
    close: () => transport.close(),
  }

  function prepare(method: 'GET' | 'POST', path: string, request: EndpointRequest, body?: string): ExchangeRequest {
    return {
      method,
      url: urlOf(path),
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...fixed,
        ...checkHeaders(provider, request.headers ?? {}),
      },
      ...(body !== undefined && { body }),
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
      return await accept(await sendWith(key, request), request)
    } catch (error) {
      // By its meaning, not by the status: not every vendor says 401.
      if (typeof options.apiKey !== 'function' || !LLMError.is(error) || error.kind !== 'auth') throw error
      const renewed = await keyOf()
      if (renewed === key) throw error
      return accept(await sendWith(renewed, request), request)
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

  /** Lets success pass. Everything else becomes an error, and its body is read or closed. */
  async function accept(answer: Exchange, request: ExchangeRequest): Promise<Exchange> {
    const { status, headers, body } = answer
    const { facts, clock } = request
    const refusal = unreadable(answer, request)
    if (refusal !== undefined) {
      await body.return()
      throw refusal
    }
    if (status >= 200 && status < 300) return answer
    const error = { status, headers, body: await errorBody(answer), now: clock.date() }
    throw wireError(provider, facts.model, error, options.readError)
  }
}

function checkKeyText(provider: string, key: string): void {
  if (key.trim() !== '' && !/^[\x21-\x7e]{1,512}$/.test(key.trim())) {
    throw new LLMError('config', `the API key of ${provider} has invalid characters; check how it was copied`, {
      provider,
    })
  }
}

/** Answers that are neither success nor an error of the vendor. */
function unreadable({ status, headers }: Exchange, { facts }: ExchangeRequest): LLMError | undefined {
  const { provider } = facts
  if (status >= 300 && status < 400) {
    const to = originOf(headers.get('location'))
    const where = to === undefined ? 'elsewhere' : `to ${redact(to, secretsOf(headers))}`
    const message = `${provider} redirects ${where} (${status}), which is never followed; set baseURL to the right address`
    return new LLMError('redirect', message, { ...facts, status })
  }
  if (status < 200 || status >= 300) return undefined
  if (status === 204 || status === 205) {
    const message = `${provider} answered without a body (${status})`
    return new LLMError('protocol', message, { ...facts, status, billed: 'no' })
  }
  const encoding = encodingOf({ headers })
  if (encoding !== '' && encoding !== 'gzip') {
    // The answer was there: what the request cost was spent.
    const message = `${provider} sent an answer in an encoding that it was asked not to use`
    return new LLMError('protocol', message, { ...facts, status, billed: 'yes' })
  }
  if (essence(headers) === 'text/html') {
    const message = `${provider} answered with a web page; check baseURL and the network`
    return new LLMError('protocol', message, { ...facts, status, billed: 'no' })
  }
  return undefined
}

function originOf(location: string | undefined): string | undefined {
  try {
    return location === undefined ? undefined : new URL(location).origin
  } catch {
    return undefined
  }
}

async function errorBody({ body }: Exchange): Promise<unknown> {
  let text: string
  try {
    text = new TextDecoder().decode(await readUpTo(body, MAX_ERROR_BODY))
  } catch {
    return undefined // the status is the better error
  }
  try {
    return parseJSON(text)
  } catch {
    return text === '' ? undefined : text
  }
}
