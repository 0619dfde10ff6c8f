import { inspect } from 'node:util'
import { LLMError, type FinishReason, type Provider, type ProviderEvent, type ProviderRequest } from '@wayfare/core'
import {
  endpoint,
  oddCounts,
  parseJSON,
  SSEParser,
  ToolCallAssembly,
  tokens,
  wireError,
  type WireResponse,
} from '../../src/index.ts'
import type { OpenProvider } from '../../src/testing/index.ts'
import { acmeBody } from './acme-request.ts'
import type { Flaw } from './flaws.ts'

/** An event as the vendor sends it. */
interface Json {
  readonly type?: string
  readonly id?: string
  readonly model?: string
  readonly text?: string
  readonly block?: number
  readonly seal?: string
  readonly name?: string
  readonly reason?: string
  readonly error?: object
  readonly input?: unknown
  readonly output?: unknown
  readonly cached?: unknown
}

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  calls: 'tool_calls',
  limit: 'length',
  refused: 'refusal',
}

/** A provider of a vendor that nobody knows: a good one, or one with a flaw. */
export function acme(flaw?: Flaw): OpenProvider {
  return ({ baseURL, apiKey }) => {
    const has = (one: Flaw): boolean => flaw === one
    const api = endpoint({
      provider: 'acme',
      baseURL,
      apiKey,
      ...(has('follows redirects') && { fetch: (url, init) => fetch(url, { ...init, redirect: 'follow' }) }),
      readError: () => ({
        ...(has('calls every refusal a failure of the server') && { kind: 'server' }),
      }),
    })
    const provider: Provider = {
      name: 'acme',
      chat: (request) => {
        if (!has('sends at once')) return chat(request)
        const sent = chat(request)
        const early = sent.next()
        return { [Symbol.asyncIterator]: () => ({ next: () => early }) }
      },
      close: () => api.close(),
    }
    return has('shows its key') ? Object.assign(provider, { apiKey }) : provider

    async function* chat(request: ProviderRequest): AsyncGenerator<readonly ProviderEvent[]> {
      const { body, warnings } = acmeBody(request, flaw)
      const path = has('puts the key into the address') ? `chat?key=${apiKey}` : 'chat'
      const response = await send(path, body, request)
      const reader = new AcmeReader(request, response, flaw, warnings)
      if (response.contentType === 'application/json' && !(request.stream && has('cannot read one JSON body'))) {
        yield reader.whole(await response.json())
      } else yield* stream(response, reader)
    }

    async function send(path: string, body: unknown, request: ProviderRequest): Promise<WireResponse> {
      const { signal } = request
      if (has('leaves a listener behind')) signal.addEventListener('abort', () => {})
      const deaf = has('listens to no signal') || (has('sends what was aborted before') && signal.aborted)
      try {
        return await api.post(path, body, deaf ? { ...request, signal: new AbortController().signal } : request)
      } catch (error) {
        if (has('retries by itself')) return api.post(path, body, request)
        if (has('forgets how long to wait') && LLMError.is(error))
          throw new LLMError(error.kind, error.message, { billed: 'no' })
        if (has('throws the bare abort') && signal.aborted) throw signal.reason
        if (has('quotes the server')) throw new LLMError('server', `acme said: ${inspect(error)} ${apiKey}`)
        throw error
      }
    }

    async function* stream(response: WireResponse, reader: AcmeReader): AsyncGenerator<readonly ProviderEvent[]> {
      const parser = new SSEParser({ tail: true })
      let any = false
      try {
        for await (const bytes of has('leaves its connection open') ? held(response) : response) {
          any = true
          const chunk = has('decodes each read by itself') ? Buffer.from(new TextDecoder().decode(bytes)) : bytes
          const list = has('wants each event in one read') ? new SSEParser().feed(chunk) : parser.feed(chunk)
          if (has('splits at line feeds only') && Buffer.from(bytes).includes(13)) continue
          const out = reader.read(list.map(({ data }) => data))
          if (out.length > 0) yield out
          if (reader.failure !== undefined) throw reader.failure
          if (reader.finished) return
        }
      } catch (error) {
        if (!has('takes a broken connection for an end') || !LLMError.is(error)) throw error
      }
      const last = parser.end().map(({ data }) => data)
      const whole = last.filter((data) => has('reads half a last event') || isWhole(data))
      const out = reader.read(whole.map((data) => (isWhole(data) ? data : '{"type":"end","reason":"stop"}')))
      if (out.length > 0) yield out
      if (reader.failure !== undefined) throw reader.failure
      if (!reader.finished) yield reader.ended(any)
    }
  }
}

/** A body that is not closed when its reader leaves. */
function held(response: WireResponse): AsyncIterable<Uint8Array> {
  const body = response[Symbol.asyncIterator]()
  return { [Symbol.asyncIterator]: () => ({ next: () => body.next() }) }
}

function isWhole(data: string): boolean {
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}

class AcmeReader {
  finished = false
  failure: unknown
  readonly #request: ProviderRequest
  readonly #response: WireResponse
  readonly #flaw: Flaw | undefined
  readonly #warnings: readonly { readonly code: string; readonly message: string }[]
  readonly #calls = new ToolCallAssembly('seed')
  readonly #raw: Json[] = []
  #started = false
  #text: string | undefined
  #block: unknown = 0
  #thought = ''
  #reason: string | undefined
  #sum = { input: 0, output: 0 }

  constructor(
    request: ProviderRequest,
    response: WireResponse,
    flaw: Flaw | undefined,
    warnings: readonly { readonly code: string; readonly message: string }[],
  ) {
    this.#request = request
    this.#response = response
    this.#flaw = flaw
    this.#warnings = warnings
  }

  whole(body: unknown): readonly ProviderEvent[] {
    const { events, error } = body as { events?: Json[]; error?: Json } // the vendor's, or not
    const out: ProviderEvent[] = []
    if (error !== undefined && !this.#has('takes an error body for an empty answer')) throw this.#error({ error })
    if (error !== undefined) this.#take({ type: 'end', reason: 'stop' }, out)
    else if (!Array.isArray(events)) throw new LLMError('protocol', 'acme answered with something else')
    else for (const event of events) this.#take(event, out)
    return out
  }

  read(list: readonly string[]): ProviderEvent[] {
    const out: ProviderEvent[] = []
    try {
      for (const data of list) if (!this.finished) this.#take(this.#parse(data), out)
    } catch (error) {
      this.failure = error
    }
    return out
  }

  /** The stream is over. */
  ended(any: boolean): readonly ProviderEvent[] {
    const out: ProviderEvent[] = []
    const forgiven =
      this.#has('takes the end of a stream for the end of the answer') ||
      (this.#has('takes the first words for an answer') && any) ||
      (this.#has('takes a broken connection for an end') && any) ||
      (this.#has('takes nothing for an answer') && !any) ||
      (this.#has('takes something else for an answer') && !this.#started)
    if (forgiven) this.#take({ type: 'end', reason: 'stop' }, out)
    else if (!any) throw new LLMError('protocol', 'acme sent nothing')
    else throw new LLMError(this.#started ? 'stream_truncated' : 'protocol', 'acme ended too early')
    return out
  }

  #has(flaw: Flaw): boolean {
    return this.#flaw === flaw
  }

  #parse(data: string): Json {
    try {
      return parseJSON(data) as Json // narrowed by its fields
    } catch (error) {
      if (this.#has('passes over what it cannot read')) return { type: 'nothing' }
      if (this.#has('repeats what it cannot read')) throw new LLMError('protocol', `acme sent ${data}`)
      throw error
    }
  }

  #error(body: Json): LLMError {
    const { headers } = this.#response
    if (this.#has('calls every error in a stream a failure of the server')) return new LLMError('server', 'acme failed')
    return wireError('acme', this.#request.model, { status: 200, headers, body, now: this.#request.clock.date() })
  }

  #start(event: Json, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
    if (this.#has('begins without start')) return
    const start = { type: 'start', id: event.id ?? '', model: event.model ?? '' } as const
    out.push({ ...start, ...(this.#warnings.length > 0 && { warnings: this.#warnings }) })
    if (this.#has('starts twice')) out.push(start)
  }

  #take(event: Json, out: ProviderEvent[]): void {
    const { type } = event
    if (['begin', 'text', 'thought', 'seal', 'call', 'tool', 'usage', 'end'].includes(type ?? ''))
      this.#start(event, out)
    switch (type) {
      case 'text':
        return this.#say(event, out)
      case 'thought':
        this.#thought += event.text ?? ''
        out.push({
          type: this.#has('puts thoughts into the text') ? 'text_delta' : 'reasoning_delta',
          text: event.text ?? '',
        })
        return
      case 'seal':
        return this.#seal(event, out)
      case 'call':
        return this.#call(event, out)
      case 'tool':
        out.push({ type: 'side_effect', name: event.name ?? '' })
        return
      case 'usage':
        return this.#count(event, out)
      case 'reason':
        this.#reason = event.reason ?? ''
        if (this.#has('stops reading at the reason')) this.#end({}, out)
        return
      case 'error':
        if (!this.#has('passes over errors in a stream')) throw this.#error(event)
        return this.#end({ reason: 'stop' }, out)
      case 'end':
        return this.#end(event, out)
      default:
        if (this.#has('throws at an unknown event')) throw new LLMError('protocol', 'acme sent something new')
    }
  }

  #say(event: Json, out: ProviderEvent[]): void {
    const said = event.text ?? ''
    const text = this.#has('leaves spaces out') ? said.replaceAll(' ', '') : said
    if (event.block !== this.#block && !this.#has('joins all blocks')) this.#close(out)
    this.#block = event.block
    this.#text = (this.#text ?? '') + text
    if (!this.#has('tells the text of a part only')) out.push({ type: 'text_delta', text })
  }

  #close(out: ProviderEvent[]): void {
    if (this.#text === undefined) return
    const text = this.#has('tells the text of a part only') ? this.#text.slice(1) : this.#text
    out.push({ type: 'part', part: { type: 'text', text } })
    this.#text = undefined
  }

  #seal(event: Json, out: ProviderEvent[]): void {
    if (this.#has('drops thoughts that show no text') && this.#thought === '') return
    const vendor = this.#has('marks thoughts as those of another vendor') ? 'elsewhere' : 'acme'
    const seal = this.#has('forgets what seals a thought') ? '' : (event.seal ?? '')
    const thought = this.#thought
    if (this.#has('puts thoughts into the text')) return
    out.push({ type: 'part', part: { type: 'reasoning', text: thought, providerMetadata: { [vendor]: { seal } } } })
  }

  #call(event: Json, out: ProviderEvent[]): void {
    const { index, id, name, input } = event as { index: number; id?: string; name?: string; input: string }
    const mixed = this.#has('mixes calls that come at a time') ? {} : { index }
    const piece = { ...mixed, ...(id !== undefined && { id }), ...(name !== undefined && { name }), rawInput: input }
    this.#raw.push(event)
    this.#calls.add(piece)
    out.push({ type: 'tool_call_delta', index, rawInput: input })
    if (this.#has('hands calls out piece by piece'))
      out.push({
        type: 'part',
        part: { type: 'tool_call', id: `${this.#raw.length}`, name: 'weather', input: {}, rawInput: input },
      })
  }

  #count({ input, output, cached }: Json, out: ProviderEvent[]): void {
    const read = tokens(cached)
    const fresh = this.#has('passes negative figures on') ? Number(input) : tokens(input)
    this.#sum = { input: fresh, output: this.#sum.output + tokens(output) }
    const problems = oddCounts({ input_tokens: input, output_tokens: output })
    out.push({
      type: 'usage',
      usage: {
        input: this.#has('counts cached tokens twice') ? fresh : Math.max(fresh - read, Math.min(fresh, 0)),
        cacheRead: read,
        output: this.#has('sums figures that repeat') ? this.#sum.output : tokens(output),
      },
      ...(problems.length > 0 && !this.#has('passes negative figures on') && { problems }),
    })
  }

  #end(event: Json, out: ProviderEvent[]): void {
    this.finished = true
    const raw = event.reason === undefined ? this.#reason : event.reason
    this.#close(out)
    if (this.#has('makes figures up') && this.#sum.input === 0)
      out.push({ type: 'usage', usage: { input: 10, output: 5 } })
    for (const part of this.#parts(raw)) out.push({ type: 'part', part })
    const known = raw === undefined || !Object.hasOwn(reasons, raw) ? undefined : reasons[raw]
    if (known === undefined && raw !== undefined && this.#has('throws at an unknown reason'))
      throw new LLMError('protocol', 'acme ended for no known reason')
    const reason = this.#has('calls every end a stop') ? 'stop' : (known ?? 'other')
    const silent = raw !== undefined || this.#has('keeps silent about a missing reason')
    out.push({
      type: 'finish',
      reason: reason === 'refusal' && this.#has('calls a refusal a filter') ? 'content_filter' : reason,
      ...(raw !== undefined && { rawReason: raw }),
      ...(!silent && { warnings: [{ code: 'no_reason', message: 'acme did not say why' }] }),
    })
    if (this.#has('finishes twice')) out.push({ type: 'finish', reason })
    if (this.#has('says something after finish')) out.push({ type: 'text_delta', text: '!' })
  }

  #parts(raw: string | undefined): Extract<ProviderEvent, { type: 'part' }>['part'][] {
    if (this.#has('hands calls out piece by piece')) return []
    return this.#calls.finish().flatMap((call, at) => {
      if (raw === 'limit' && call.invalid && !this.#has('hands out a call that was cut short')) return []
      if (this.#has('throws at a call without input') && call.rawInput === '') throw new SyntaxError('no input')
      if (this.#has('loses the input as it was written')) return [{ ...call, rawInput: '{}' }]
      if (this.#has('merges input into an object')) return [{ ...call, input: Object.assign({}, call.input) }]
      const { invalid: _, ...valid } = call
      if (this.#has('takes unreadable input for an empty one'))
        return [{ ...valid, rawInput: call.invalid ? '{}' : call.rawInput }]
      if (this.#has('leaves ids empty')) return [{ ...call, id: this.#raw[at]?.id ?? '' }]
      if (this.#has('lets ids repeat')) return [{ ...call, id: 'a' }]
      return [call]
    })
  }
}
