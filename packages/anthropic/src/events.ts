import { LLMError } from '@wayfare/core'
import type { Clock, LLMErrorFacts, ProviderEvent, Warning } from '@wayfare/core'
import { isRecord, oddCounts, parseJSON, wireError } from '@wayfare/provider-kit'
import type { AnswerReader, AnswerState, BodyReader, SSEDecode } from '@wayfare/provider-kit'
import { Blocks } from './blocks.ts'
import { readError } from './error.ts'
import { finishReason } from './finish.ts'
import { eventsOf } from './response.ts'
import { DeltaTemplate } from './template.ts'
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

/** Turns the vendor's events into ours, one message long. */
export class MessageReader implements AnswerReader, BodyReader {
  readonly #answering: Answering
  readonly #blocks: Blocks
  readonly #template = new DeltaTemplate()
  #started = false
  #finished = false
  /** Whether something came that is no event of this wire, known or new. */
  #strange = false
  #id: string | undefined
  #usage: Readonly<Record<string, unknown>> = {}
  #stopReason: string | undefined

  constructor(answering: Answering) {
    this.#answering = answering
    this.#blocks = new Blocks(answering.outputTool, (index) => `toolu_${this.#id ?? 'call'}_${index}`)
  }

  get state(): AnswerState {
    return this.#finished ? 'finished' : 'open'
  }

  read(data: string, out: ProviderEvent[], name: string): void {
    if (data === '') return
    const piece = this.#template.read(data)
    if (piece !== undefined) return this.#pieces(out)(piece)
    const value = parseJSON(data)
    const event = this.#event(value, out)
    if (event?.type === 'content_block_delta') this.#template.learn(data, value, event, name)
  }

  /** It counts only if it is the terminator, or says what went wrong. */
  readLast(data: string, out: ProviderEvent[], name: string): void {
    if (isLastWord(data)) this.read(data, out, name)
  }

  match(text: string, at: number, out: ProviderEvent[], decode?: SSEDecode): number {
    return this.#template.match(text, at, this.#pieces(out), decode)
  }

  /** Takes more pieces of the block whose deltas are known. */
  #pieces(out: ProviderEvent[]): (piece: string) => void {
    return this.#blocks.appending(this.#template.index, out)
  }

  /** A whole message says in one body what a stream says in events. */
  readBody(body: unknown, out: ProviderEvent[]): void {
    if (!isRecord(body) || (!Array.isArray(body['content']) && !body['error']))
      throw this.#failure('protocol', 'the answer is not a message; check that baseURL leads to a Messages API', {
        billed: 'yes',
      })
    for (const event of eventsOf(body)) this.#event(event, out)
  }

  /** Throws when the stream ends without its terminator. */
  end(): void {
    if (this.#finished) return
    if (this.#strange && !this.#started)
      throw this.#failure('protocol', 'the stream holds no events of a Messages API', { billed: 'yes' })
    throw this.#failure('stream_truncated', 'the stream ended before its message_stop event')
  }

  empty(): LLMError {
    return this.#failure('protocol', 'the answer was empty', { billed: 'no' })
  }

  endless(): LLMError {
    return this.#failure('protocol', 'the stream goes on without content')
  }

  /** Ignores what it does not know. Throws when the event is an error. */
  #event(value: unknown, out: ProviderEvent[]): WireEvent | undefined {
    const event = wireEvent(value)
    this.#take(event, value, out)
    return event
  }

  #take(event: WireEvent | undefined, value: unknown, out: ProviderEvent[]): void {
    switch (event?.type) {
      case undefined:
        this.#strange ||= !isNamed(value)
        return
      case 'unreadable':
        throw this.#failure('protocol', 'a content block came without its number or its type', {
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
    this.#finished = true
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

  #failure(kind: 'protocol' | 'stream_truncated', message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('request-id'), ...facts })
  }

  #vendorError(body: unknown): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}

/** Whole, too: half a terminator is none. */
function isLastWord(data: string): boolean {
  if (!/"type"\s*:\s*"(?:message_stop|error)"/.test(data)) return false
  try {
    parseJSON(data)
    return true
  } catch {
    return false
  }
}
