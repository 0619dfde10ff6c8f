import { LLMError } from '@wayfare/core'
import type { Clock, LLMErrorFacts, ProviderEvent, Warning } from '@wayfare/core'
import { oddCounts, parseJSON, SSEParser, wireError } from '@wayfare/provider-kit'
import type { EventForm, SSEEvent, WireResponse } from '@wayfare/provider-kit'
import { Blocks } from './blocks.ts'
import { readError } from './error.ts'
import { finishReason } from './finish.ts'
import { DeltaTemplate } from './template.ts'
import type { Deltas } from './template.ts'
import { hasAdvisor, mergeUsage, toUsage } from './usage.ts'
import { isNamed, text, wireEvent } from './wire.ts'
import type { WireEvent } from './wire.ts'

/** What the reader of an answer knows of the request that it answers. */
export interface Answering {
  readonly provider: string
  readonly model: string
  readonly clock: Pick<Clock, 'date'>
  /** Of the answer. */
  readonly headers: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
  /** The tool whose input is the answer's text. */
  readonly outputTool?: string
}

/** So many events in a row without content are a server in a loop. */
const maxEventsWithoutProgress = 10_000

/**
 * The events of a stream, those of one network read together. Throws `stream_truncated` when it ends before `message_stop`,
 * and the vendor's own error when one stands inside it.
 */
export async function* events(
  body: AsyncIterable<Uint8Array> & Partial<Pick<WireResponse, 'drain'>>,
  answering: Answering,
): AsyncGenerator<readonly ProviderEvent[]> {
  const reader = new MessageReader(answering)
  const parser = new SSEParser({ tail: true, form: reader.form })
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
  // An event that the end of the stream cut off counts only if it is the terminator, or says what went wrong.
  const out: ProviderEvent[] = []
  read(reader, parser.end().filter(isLastWord), out)
  if (out.length > 0) yield out
  if (empty) throw reader.failure('protocol', 'the answer was empty', { billed: 'no' })
  if (!reader.finished) throw reader.unfinished()
}

function read(reader: MessageReader, received: readonly SSEEvent[], out: ProviderEvent[]): void {
  for (const event of received) {
    if (event.data === '' || reader.finished) continue
    if (event.matched === undefined) reader.readText(event.data, out, event.event)
    else reader.readPiece(event.matched as Deltas, event.data, out) // the kind that the form says
  }
}

/** Whole, too: half a terminator is none. */
function isLastWord({ data }: SSEEvent): boolean {
  if (!/"type"\s*:\s*"(?:message_stop|error)"/.test(data)) return false
  try {
    parseJSON(data)
    return true
  } catch {
    return false
  }
}

/** Turns the vendor's events into ours, one message long. */
export class MessageReader {
  finished = false
  readonly #answering: Answering
  readonly #blocks: Blocks
  readonly #template = new DeltaTemplate()
  #started = false
  /** Whether something came that is no event of this wire, known or new. */
  #strange = false
  #id: string | undefined
  #usage: Readonly<Record<string, unknown>> = {}
  #stopReason: string | undefined

  constructor(answering: Answering) {
    this.#answering = answering
    this.#blocks = new Blocks(answering.outputTool, (index) => `toolu_${this.#id ?? 'call'}_${index}`)
  }

  /** Of the deltas that differ in their string alone. */
  get form(): EventForm {
    return this.#template
  }

  /** `read` for an event that is still text. */
  readText(data: string, out: ProviderEvent[], name?: string): void {
    const piece = this.#template.read(data)
    if (piece !== undefined) return this.readPiece(this.#template.kind, piece, out)
    const value = parseJSON(data)
    const event = this.read(value, out)
    if (event?.type === 'content_block_delta') this.#template.learn(data, value, event, name)
  }

  /** One more string of a block. */
  readPiece({ index }: Deltas, piece: string, out: ProviderEvent[]): void {
    this.#blocks.append(index, piece, out)
  }

  /** Ignores what it does not know. Throws when the event is an error. */
  read(value: unknown, out: ProviderEvent[]): WireEvent | undefined {
    const event = wireEvent(value)
    this.#take(event, value, out)
    return event
  }

  failure(kind: 'protocol' | 'stream_truncated', message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('request-id'), ...facts })
  }

  /** Why there is no answer when the stream ends without its terminator. */
  unfinished(): LLMError {
    if (this.#strange && !this.#started)
      return this.failure('protocol', 'the stream holds no events of a Messages API', { billed: 'yes' })
    return this.failure('stream_truncated', 'the stream ended before its message_stop event')
  }

  #take(event: WireEvent | undefined, value: unknown, out: ProviderEvent[]): void {
    switch (event?.type) {
      case undefined:
        this.#strange ||= !isNamed(value)
        return
      case 'unreadable':
        throw this.failure('protocol', 'a content block came without its number or its type', {
          phase: 'output',
          retryable: false,
        })
      case 'error':
        throw this.#vendorError(value)
      case 'message_start':
        this.#start(event.message, out)
        this.#count(event.message['usage'], out)
        return
      case 'content_block_start':
        this.#start({}, out)
        this.#blocks.start(event.index, event.block, out)
        return
      case 'content_block_delta':
        this.#blocks.delta(event.index, event.delta, out)
        return
      case 'content_block_stop':
        this.#blocks.stop(event.index, out)
        return
      case 'message_delta':
        this.#start({}, out)
        this.#stopReason = event.stopReason ?? this.#stopReason
        this.#count(event.usage, out)
        return
      case 'message_stop':
        this.#start({}, out)
        this.#finish(out)
    }
  }

  /** A second `message_start` (server-side tools send one) goes on with the same message. */
  #start(message: Readonly<Record<string, unknown>>, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
    const id = text(message['id'])
    const model = text(message['model'])
    const { headers, warnings } = this.#answering
    const requestId = headers.get('request-id')
    this.#id = id
    out.push({
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(requestId !== undefined && { requestId }),
      ...(warnings.length > 0 && { warnings }),
    })
  }

  #count(news: unknown, out: ProviderEvent[]): void {
    const merged = mergeUsage(this.#usage, news)
    if (merged === this.#usage) return
    this.#usage = merged
    const problems = oddCounts(merged)
    out.push({ type: 'usage', usage: toUsage(merged), ...(problems.length > 0 && { problems }) })
  }

  #finish(out: ProviderEvent[]): void {
    this.finished = true
    const cut = finishReason(this.#stopReason, 0) === 'length'
    this.#blocks.end(cut, out)
    const warnings = this.#lastWarnings()
    out.push({
      type: 'finish',
      reason: finishReason(this.#stopReason, this.#blocks.calls),
      ...(this.#stopReason !== undefined && { rawReason: this.#stopReason }),
      ...(warnings.length > 0 && { warnings }),
    })
  }

  #lastWarnings(): readonly Warning[] {
    const warnings: Warning[] = []
    if (this.#stopReason === undefined)
      warnings.push({ code: 'no_finish_reason', message: 'the stream ended properly but named no stop reason' })
    if (this.#blocks.incomplete > 0)
      warnings.push({
        code: 'incomplete_tool_call',
        message: 'a tool call was cut short by the output limit and dropped',
      })
    if (hasAdvisor(this.#usage))
      warnings.push({
        code: 'advisor_price',
        message: "an advisor's tokens are counted at the price of the model asked",
      })
    return warnings
  }

  #vendorError(body: unknown): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}
