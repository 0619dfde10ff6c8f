import { LLMError, type Clock, type LLMErrorFacts, type ProviderEvent, type Warning } from '@wayfare/core'
import { EventTemplate, isRecord, parseJSON, SSEParser, wireError } from '@wayfare/provider-kit'
import type { SSEEvent, WireResponse } from '@wayfare/provider-kit'
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

/** So many events in a row without content are a server in a loop. */
const maxEventsWithoutProgress = 10_000

/**
 * The events of a stream, those of one network read together. Throws `stream_truncated` when it ends before the response is
 * completed, incomplete or failed, and the vendor's own error when one stands inside it.
 */
export async function* events(
  body: AsyncIterable<Uint8Array> & Partial<Pick<WireResponse, 'drain'>>,
  answering: Answering,
): AsyncGenerator<readonly ProviderEvent[]> {
  const parser = new SSEParser({ tail: true })
  const reader = new ResponseReader(answering)
  let idle = 0
  let empty = true
  for await (const chunk of body) {
    empty = false
    const received = parser.feed(chunk)
    const out: ProviderEvent[] = []
    try {
      read(reader, received, out)
    } catch (error) {
      // What came before it in the same read was still received, and is paid for.
      if (out.length > 0) yield out
      throw error
    }
    idle = out.length > 0 ? 0 : idle + received.length
    if (idle > maxEventsWithoutProgress) throw reader.failure('protocol', 'the stream goes on without content')
    if (reader.finished) await body.drain?.()
    if (out.length > 0) yield out
    if (reader.finished) return
  }
  if (empty) throw reader.failure('protocol', 'the answer was empty', { billed: 'no' })
  // An event that the end of the stream cut off counts only if it is the terminator, or says what went wrong.
  const out: ProviderEvent[] = []
  try {
    read(reader, parser.end().filter(isLastWord), out)
  } catch (error) {
    if (out.length > 0) yield out
    throw error
  }
  if (out.length > 0) yield out
  if (!reader.finished) throw reader.unfinished()
}

function read(reader: ResponseReader, received: readonly SSEEvent[], out: ProviderEvent[]): void {
  for (const event of received) {
    if (event.data !== '' && event.data !== '[DONE]' && !reader.finished) reader.readText(event.data, out)
  }
}

/** Whole, too: half a terminator is none. */
function isLastWord({ data }: SSEEvent): boolean {
  if (!/"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"/.test(data)) return false
  try {
    const event = wireEvent(parseJSON(data))
    return event?.type === 'end' || event?.type === 'error'
  } catch {
    return false
  }
}

/** Turns the vendor's events into ours, one response long. */
export class ResponseReader {
  finished = false
  readonly #answering: Answering
  readonly #output: Output
  readonly #template = new EventTemplate({ at: ['delta'], ignored: ['obfuscation', 'sequence_number'] })
  /** The event that the template was learnt from. */
  #pattern: WireDelta | undefined
  #started = false
  /** Whether something came that is no event of this wire, known or new. */
  #strange = false

  constructor(answering: Answering) {
    this.#answering = answering
    this.#output = new Output((index) => `call_${answering.seed.replace(/\W/g, '').slice(-24)}_${index}`)
  }

  /** `read` for an event that is still text. */
  readText(data: string, out: ProviderEvent[]): void {
    const piece = this.#template.read(data)
    if (piece !== undefined && this.#pattern !== undefined) return this.#output.delta(this.#pattern, piece, out)
    const value = parseJSON(data)
    const event = this.read(value, out)
    if (event?.type === 'delta' && this.#template.learn(data, value)) this.#pattern = event
  }

  /** Ignores what it does not know. Throws when the event is an error. */
  read(value: unknown, out: ProviderEvent[]): WireEvent | undefined {
    const event = wireEvent(value)
    this.#take(event, value, out)
    return event
  }

  /** How a response of any kind ends: with what is left of its output, its figures and its reason, or with its error. */
  end(status: 'completed' | 'incomplete' | 'failed', response: Wire, out: ProviderEvent[]): void {
    this.#start(response, out)
    if (status === 'failed') {
      const usage = usageEvent(response, this.#output.searches)
      if (usage !== undefined) out.push(usage)
      // Work had begun: whatever the status of the answer, it may be on the bill.
      throw this.vendorError({ error: response['error'] }, 'unknown')
    }
    this.#output.end(response['output'], status === 'incomplete', out)
    const usage = usageEvent(response, this.#output.searches)
    if (usage !== undefined) out.push(usage)
    this.finished = true
    const { incomplete } = this.#output
    out.push({
      type: 'finish',
      ...finishOf(status, response, this.#output),
      ...(incomplete > 0 && { warnings: [callCut] }),
    })
  }

  failure(kind: 'protocol' | 'stream_truncated', message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('x-request-id'), ...facts })
  }

  /** The error that a body or an event means, whether its facts stand inside `error` or beside it. */
  vendorError(body: Wire, billed?: 'unknown'): LLMError {
    const { provider, model, headers, clock } = this.#answering
    const error = isRecord(body['error']) || typeof body['error'] === 'string' ? body['error'] : flat(body)
    const answer = { status: 200, headers, body: { error }, now: clock.date() }
    return wireError(provider, model, answer, (said) => ({ ...readError(said), ...(billed && { billed }) }))
  }

  /** Why there is no answer when the stream ends without its terminator. */
  unfinished(): LLMError {
    if (this.#strange && !this.#started)
      return this.failure('protocol', 'the stream holds no events of a Responses API', { billed: 'yes' })
    return this.failure('stream_truncated', 'the stream ended before its response was complete')
  }

  #take(event: WireEvent | undefined, value: unknown, out: ProviderEvent[]): void {
    switch (event?.type) {
      case undefined:
        this.#strange ||= !isNamed(value)
        return
      case 'unreadable':
        throw this.failure('protocol', 'a piece of the output came without its number or its type', {
          phase: 'output',
          retryable: false,
        })
      case 'error':
        throw this.vendorError(event.body)
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
        this.end(event.status, event.response, out)
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
}

function flat(body: Wire): Wire {
  const { type: _, error: __, sequence_number: ___, ...facts } = body
  return facts
}

const callCut: Warning = { code: 'tool_call_cut', message: 'a tool call was cut short and left out' }
