import { LLMError, type Clock, type LLMErrorFacts, type ProviderEvent, type Warning } from '@wayfare/core'
import { EventTemplate, isRecord, parseJSON, wireError } from '@wayfare/provider-kit'
import type { AnswerReader, AnswerState, BodyReader, SSEDecode } from '@wayfare/provider-kit'
import { readError } from '../error.ts'
import { finishOf } from './finish.ts'
import { Output } from './output.ts'
import { usageEvent } from './usage.ts'
import { isNamed, text, wireEvent } from './wire.ts'
import type { Wire, WireDelta, WireEvent } from './wire.ts'

/** What the reader of an answer knows of the request that it answers. */
export interface Answering {
  readonly provider: string
  readonly model: string
  readonly clock: Pick<Clock, 'date'>
  /** Of the answer. */
  readonly headers: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
  /** Makes the ids of tool calls that come without one. */
  readonly seed: string
}

/** Turns the vendor's events into ours, one response long. */
export class ResponseReader implements AnswerReader, BodyReader {
  readonly #answering: Answering
  readonly #output: Output
  readonly #template = new EventTemplate({ at: ['delta'], ignored: ['obfuscation', 'sequence_number'] })
  /** The event that the template was learnt from. */
  #pattern: WireDelta | undefined
  #started = false
  #finished = false
  /** Whether something came that is no event of this wire, known or new. */
  #strange = false

  constructor(answering: Answering) {
    this.#answering = answering
    this.#output = new Output((index) => `call_${answering.seed.replace(/\W/g, '').slice(-24)}_${index}`)
  }

  get state(): AnswerState {
    return this.#finished ? 'finished' : 'open'
  }

  read(data: string, out: ProviderEvent[], name: string): void {
    if (data === '' || data === '[DONE]') return
    const piece = this.#template.read(data)
    if (piece !== undefined) return this.#piece(piece, out)
    const value = parseJSON(data)
    const event = wireEvent(value)
    this.#take(event, value, out)
    if (event?.type === 'delta' && this.#template.learn(data, value, name)) this.#pattern = event
  }

  /** It counts only if it is the terminator, or says what went wrong. */
  readLast(data: string, out: ProviderEvent[], name: string): void {
    if (isLastWord(data)) this.read(data, out, name)
  }

  match(text: string, at: number, out: ProviderEvent[], decode?: SSEDecode): number {
    return this.#template.match(text, at, (piece) => this.#piece(piece, out), decode)
  }

  /** One more piece of the text whose deltas are known. */
  #piece(piece: string, out: ProviderEvent[]): void {
    if (this.#pattern !== undefined) this.#output.delta(this.#pattern, piece, out)
  }

  readBody(body: unknown, out: ProviderEvent[]): void {
    if (!isRecord(body)) throw this.#notAResponse()
    const { status = 'completed', output, error } = body
    if (status === 'failed') this.#close(status, body, out)
    if (!Array.isArray(output)) throw (error ?? null) === null ? this.#notAResponse() : this.#vendorError(body)
    if (status !== 'completed' && status !== 'incomplete')
      throw this.#failure('protocol', 'the server answered before its response was complete', { billed: 'yes' })
    this.#close(status, body, out)
  }

  /** Throws when the stream ends without its terminator. */
  end(): void {
    if (this.#finished) return
    if (this.#strange && !this.#started)
      throw this.#failure('protocol', 'the stream holds no events of a Responses API', { billed: 'yes' })
    throw this.#failure('stream_truncated', 'the stream ended before its response was complete')
  }

  empty(): LLMError {
    return this.#failure('protocol', 'the answer was empty', { billed: 'no' })
  }

  endless(): LLMError {
    return this.#failure('protocol', 'the stream goes on without content')
  }

  /** How a response of any kind ends: with what is left of its output, its figures and its reason, or with its error. */
  #close(status: 'completed' | 'incomplete' | 'failed', response: Wire, out: ProviderEvent[]): void {
    this.#start(response, out)
    if (status === 'failed') {
      const usage = usageEvent(response, this.#output.searches)
      if (usage !== undefined) out.push(usage)
      // Work had begun: whatever the status of the answer, it may be on the bill.
      throw this.#vendorError({ error: response['error'] }, 'unknown')
    }
    this.#output.end(response['output'], status === 'incomplete', out)
    const usage = usageEvent(response, this.#output.searches)
    if (usage !== undefined) out.push(usage)
    this.#finished = true
    const { incomplete } = this.#output
    out.push({
      type: 'finish',
      ...finishOf(status, response, this.#output),
      ...(incomplete > 0 && { warnings: [callCut] }),
    })
  }

  #take(event: WireEvent | undefined, value: unknown, out: ProviderEvent[]): void {
    switch (event?.type) {
      case undefined:
        this.#strange ||= !isNamed(value)
        return
      case 'unreadable':
        throw this.#failure('protocol', 'a piece of the output came without its number or its type', {
          phase: 'output',
          retryable: false,
        })
      case 'error':
        throw this.#vendorError(event.body)
      case 'response':
        this.#start(event.response, out)
        return
      case 'item_added':
        this.#start({}, out)
        this.#output.added(event.index, event.item, out)
        return
      case 'delta':
        this.#start({}, out)
        this.#output.delta(event, event.text, out)
        return
      case 'text_done':
        this.#start({}, out)
        this.#output.textDone(event, out)
        return
      case 'section_done':
        this.#output.sectionDone(event.index, event.section, event.part, out)
        return
      case 'item_done':
        this.#start({}, out)
        this.#output.done(event.index, event.item, out)
        return
      case 'end':
        this.#close(event.status, event.response, out)
    }
  }

  #start(response: Wire, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
    const id = text(response['id'])
    const model = text(response['model'])
    const { headers, warnings } = this.#answering
    const requestId = headers.get('x-request-id')
    out.push({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(requestId !== undefined && { requestId }),
      ...(warnings.length > 0 && { warnings }),
    })
  }

  #notAResponse(): LLMError {
    return this.#failure('protocol', 'the answer is not a response; check that baseURL leads to a Responses API', {
      billed: 'yes',
    })
  }

  #failure(kind: 'protocol' | 'stream_truncated', message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('x-request-id'), ...facts })
  }

  /** The error that a body or an event means, whether its facts stand inside `error` or beside it. */
  #vendorError(body: Wire, billed?: 'unknown'): LLMError {
    const { provider, model, headers, clock } = this.#answering
    const error = isRecord(body['error']) || typeof body['error'] === 'string' ? body['error'] : flat(body)
    const answer = { status: 200, headers, body: { error }, now: clock.date() }
    return wireError(provider, model, answer, (said) => ({ ...readError(said), ...(billed && { billed }) }))
  }
}

/** Whole, too: half a terminator is none. */
function isLastWord(data: string): boolean {
  if (!/"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"/.test(data)) return false
  try {
    const event = wireEvent(parseJSON(data))
    return event?.type === 'end' || event?.type === 'error'
  } catch {
    return false
  }
}

function flat(body: Wire): Wire {
  const { type: _, error: __, sequence_number: ___, ...facts } = body
  return facts
}

const callCut: Warning = { code: 'tool_call_cut', message: 'a tool call was cut short and left out' }
