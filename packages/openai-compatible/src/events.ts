import { LLMError, type LLMErrorFacts, type ProviderEvent, type Warning } from '@wayfare/core'
import {
  isRecord,
  parseJSON,
  ToolCallAssembly,
  wireError,
  type EventForm,
  type SSEEvent,
  type WireResponse,
} from '@wayfare/provider-kit'
import { Aside } from './aside.ts'
import { imageParts, isForeign, isForged, isPlain, isRecognisable, toolCallDeltas } from './chunk.ts'
import type { Dialect } from './dialect.ts'
import { errorReader, hasError, parsedError } from './error.ts'
import { failures, finishMissing, finishReason, toolCallCut } from './finish.ts'
import { Reasoning } from './reasoning.ts'
import { startEvent } from './start.ts'
import { ContentTemplate } from './template.ts'
import { usageEvent } from './usage-event.ts'
import { records, text, textOf, type Wire } from './wire.ts'

/** What a reader must know of the call that it reads for. */
export interface ReaderFacts {
  readonly provider: string
  readonly model: string
  readonly dialect: Dialect
  readonly response: Pick<WireResponse, 'headers' | 'status'>
  readonly now: () => Date
  /** Makes the ids of tool calls that come without one. */
  readonly seed?: string | undefined
  readonly warnings?: readonly Warning[] | undefined
}

const MOST_EMPTY = 10_000

/** Turns the events of one answer, or one whole answer, into provider events. */
export class ChatReader {
  readonly #facts: ReaderFacts
  readonly #calls: ToolCallAssembly
  readonly #reasoning: Reasoning
  readonly #aside: Aside
  readonly #template = new ContentTemplate()
  #failure: unknown
  #started = false
  #done = false
  #finish: string | undefined
  #refused = false
  #serviceTier: string | undefined
  #empty = 0

  constructor(facts: ReaderFacts) {
    this.#facts = facts
    this.#calls = new ToolCallAssembly(facts.seed)
    this.#reasoning = new Reasoning(facts.dialect.vendor, facts.dialect.keepReasoning?.())
    this.#aside = new Aside(facts.dialect)
  }

  /** Of the chunks that bring content and nothing else, once one was read. */
  get form(): EventForm {
    return this.#template.form
  }

  /** Whether the answer is complete by the protocol: a finish reason, or `[DONE]`. */
  get complete(): boolean {
    return this.#done || this.#finish !== undefined
  }

  /** Whether `[DONE]` was read: nothing behind it counts. */
  get done(): boolean {
    return this.#done
  }

  /** What went wrong, once what came before it was handed out. */
  get failure(): unknown {
    return this.#failure
  }

  /** What these events say, up to a failure. */
  feed(events: readonly SSEEvent[]): ProviderEvent[] {
    const out: ProviderEvent[] = []
    try {
      for (const { event, data, matched } of events) {
        if (this.#done) break
        if (matched !== undefined) this.#said(data, out)
        else if (event === 'error') throw this.#error(parsedError(data))
        else if (data === '[DONE]') this.#done = true
        else if (isForged(data)) throw this.unreadable({ phase: 'output', retryable: false })
        else this.#event(event, data, out)
      }
    } catch (error) {
      this.#failure ??= error
    }
    return out
  }

  /** An event that the end of the stream cut short counts only when it can be read. */
  tail(events: readonly SSEEvent[]): ProviderEvent[] {
    const out = this.feed(events)
    if (LLMError.is(this.#failure) && this.#failure.kind === 'protocol') this.#failure = undefined
    return out
  }

  /** A field of the stream that is no part of an event: one server sends its errors so. */
  field(name: string, value: string): void {
    if (name === 'error') this.#failure ??= this.#error(parsedError(value))
  }

  /** One JSON body: an answer that is complete as it comes. */
  whole(body: unknown): ProviderEvent[] {
    const out: ProviderEvent[] = []
    this.#chunk(body, out)
    this.#done = true
    return out
  }

  /** What is left to say at the end. Throws `stream_truncated` when the answer is not complete. */
  end(): ProviderEvent[] {
    const { provider, model } = this.#facts
    if (!this.complete) {
      const message = `${provider} ended its answer before it was complete`
      throw new LLMError('stream_truncated', message, { provider, model })
    }
    const cut = this.#finish === 'length' || this.#finish === 'content_filter'
    const made = this.#calls.finish()
    const calls = cut ? made.filter((call) => !call.invalid) : made
    const warnings = [
      ...(this.#finish === undefined ? [finishMissing(provider)] : []),
      ...(calls.length < made.length ? [toolCallCut] : []),
    ]
    const out: ProviderEvent[] = []
    this.#start({}, out)
    for (const part of [...this.#reasoning.parts(), ...this.#aside.parts(), ...calls]) out.push({ type: 'part', part })
    out.push({
      type: 'finish',
      reason: finishReason(this.#finish, { calls: calls.length, refused: this.#refused }),
      ...(this.#finish !== undefined && { rawReason: this.#finish }),
      ...(warnings.length > 0 && { warnings }),
    })
    return out
  }

  #event(name: string, data: string, out: ProviderEvent[]): void {
    const said = this.#template.read(data)
    if (said !== undefined) return this.#said(said, out)
    const first = out.length
    const chunk = parseJSON(data)
    if (isForeign(name, chunk)) return this.#stand()
    this.#chunk(chunk, out)
    // Learnt is what brings content and nothing else: no figures, no end, nothing to keep.
    if (out.length === first + 1 && out[first]?.type === 'text_delta' && isPlain(chunk))
      this.#template.learn(data, chunk, name)
  }

  #said(said: string, out: ProviderEvent[]): void {
    this.#empty = 0
    this.#reasoning.interrupt()
    out.push({ type: 'text_delta', text: said })
  }

  /** The answer is not one that this wire knows. */
  unreadable(facts: LLMErrorFacts = {}): LLMError {
    const { provider, model } = this.#facts
    const message = `${provider} answered with something that is not a chat completion`
    return new LLMError('protocol', message, { provider, model, billed: 'yes', ...facts })
  }

  #chunk(chunk: unknown, out: ProviderEvent[]): void {
    if (!isRecord(chunk)) throw this.unreadable()
    if (hasError(chunk)) throw this.#error(chunk)
    if (!isRecognisable(chunk)) throw this.unreadable()
    this.#serviceTier = text(chunk['service_tier']) ?? this.#serviceTier
    const before = out.length
    if (text(chunk['model']) !== undefined || text(chunk['id']) !== undefined) this.#start(chunk, out)
    const started = out.length > before
    this.#aside.see(chunk)
    const choice = records(chunk['choices']).find((one) => (one['index'] ?? 0) === 0)
    if (choice !== undefined) this.#choice(choice, out)
    this.#usage(chunk, choice, out)
    if (out.length > before + (started ? 1 : 0) || this.#finish !== undefined) this.#empty = 0
    else this.#stand()
  }

  #stand(): void {
    if (++this.#empty > MOST_EMPTY) throw this.unreadable()
  }

  #start(chunk: Wire, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
    out.push(startEvent(chunk, this.#facts))
  }

  #choice(choice: Wire, out: ProviderEvent[]): void {
    const delta = isRecord(choice['delta']) ? choice['delta'] : choice['message']
    if (isRecord(delta)) this.#delta(delta, out)
    const finish = text(choice['finish_reason'])
    if (finish === undefined) return
    this.#finish = finish
    const status = failures.get(finish)
    if (status !== undefined) throw this.#error({ error: { code: status, type: finish } })
  }

  #delta(delta: Wire, out: ProviderEvent[]): void {
    const first = out.length
    this.#reasoning.add(delta, out)
    const content = delta['content']
    const said = typeof content === 'string' ? content : textOf(content, 'text')
    if (said !== '') out.push({ type: 'text_delta', text: said })
    const refusal = text(delta['refusal'])
    if (refusal !== undefined) {
      this.#refused = true
      out.push({ type: 'text_delta', text: refusal })
    }
    this.#toolCalls(delta, out)
    for (const part of imageParts(delta)) out.push({ type: 'part', part })
    if (out.length > first && out.at(-1)?.type !== 'reasoning_delta') this.#reasoning.interrupt()
    // Content before the first chunk that names its answer.
    if (!this.#started && out.length > first) {
      const start: ProviderEvent[] = []
      this.#start({}, start)
      out.splice(first, 0, ...start)
    }
  }

  #toolCalls(delta: Wire, out: ProviderEvent[]): void {
    for (const call of toolCallDeltas(delta)) {
      this.#calls.add(call)
      const { index = this.#calls.size - 1, id, name, rawInput } = call
      out.push({
        type: 'tool_call_delta',
        index,
        rawInput,
        ...(id !== undefined && { id }),
        ...(name !== undefined && { name }),
      })
    }
  }

  #usage(chunk: Wire, choice: Wire | undefined, out: ProviderEvent[]): void {
    const event = usageEvent(chunk, choice, this.#serviceTier, this.#facts)
    if (event !== undefined) out.push(event)
  }

  #error(body: unknown): LLMError {
    const { provider, model, response, dialect, now } = this.#facts
    return wireError(provider, model, { ...response, body, now: now() }, errorReader(dialect))
  }
}
