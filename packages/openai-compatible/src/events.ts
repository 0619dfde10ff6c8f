import { LLMError, type Clock, type LLMErrorFacts, type ProviderEvent, type Warning } from '@wayfare/core'
import {
  EventTemplate,
  isRecord,
  parseJSON,
  ToolCallAssembly,
  wireError,
  type AnswerHead,
  type AnswerReader,
  type AnswerState,
  type BodyReader,
  type SSEDecode,
} from '@wayfare/provider-kit'
import { Aside } from './aside.ts'
import { imageParts, isForeign, isForged, isPlain, isRecognisable, toolCallDeltas } from './chunk.ts'
import type { Dialect } from './dialect.ts'
import { errorReader, hasError, parsedError } from './error.ts'
import { failures, finishMissing, finishReason, toolCallCut } from './finish.ts'
import { Reasoning } from './reasoning.ts'
import { startEvent } from './start.ts'
import { usageEvent } from './usage-event.ts'
import { records, text, textOf, type Wire } from './wire.ts'

/** What a reader must know of the call that it reads for. */
export interface ReaderFacts {
  readonly provider: string
  readonly model: string
  readonly dialect: Dialect
  readonly response: Pick<AnswerHead, 'headers' | 'status'>
  readonly clock: Pick<Clock, 'date'>
  /** Makes the ids of tool calls that come without one. */
  readonly seed?: string | undefined
  readonly warnings?: readonly Warning[] | undefined
}

/** Turns the events of one answer, or one whole answer, into provider events. */
export class ChatReader implements AnswerReader, BodyReader {
  readonly #facts: ReaderFacts
  readonly #calls: ToolCallAssembly
  readonly #reasoning: Reasoning
  readonly #aside: Aside
  /** Of the chunks that differ in nothing but their content, and in the padding that one vendor adds. */
  readonly #template = new EventTemplate({ at: ['choices', 0, 'delta', 'content'], ignored: ['obfuscation'] })
  #started = false
  #done = false
  #finish: string | undefined
  #refused = false
  #serviceTier: string | undefined

  constructor(facts: ReaderFacts) {
    this.#facts = facts
    this.#calls = new ToolCallAssembly(facts.seed)
    this.#reasoning = new Reasoning(facts.dialect.vendor, facts.dialect.keepReasoning?.())
    this.#aside = new Aside(facts.dialect)
  }

  /** The protocol ends with `[DONE]`, or at least with a finish reason. */
  get state(): AnswerState {
    if (this.#done) return 'finished'
    return this.#finish === undefined ? 'open' : 'complete'
  }

  read(data: string, out: ProviderEvent[], name: string): void {
    if (name === 'error') throw this.#error(parsedError(data))
    if (data === '[DONE]') this.#done = true
    else if (isForged(data)) throw this.#unreadable({ phase: 'output', retryable: false })
    else this.#event(name, data, out)
  }

  /** It counts only when it can be read, and when the answer is complete with it. */
  readLast(data: string, out: ProviderEvent[], name: string): void {
    const last: ProviderEvent[] = []
    try {
      this.read(data, last, name)
    } catch (error) {
      if (!LLMError.is(error) || error.kind !== 'protocol') throw error
    }
    if (this.state !== 'open') out.push(...last)
  }

  match(text: string, at: number, out: ProviderEvent[], decode?: SSEDecode): number {
    return this.#template.match(text, at, (piece) => this.#piece(piece, out), decode)
  }

  /** Content, and nothing besides. */
  #piece(said: string, out: ProviderEvent[]): void {
    this.#reasoning.interrupt()
    out.push({ type: 'text_delta', text: said })
  }

  /** One server sends its errors so. */
  field(name: string, value: string): void {
    if (name === 'error') throw this.#error(parsedError(value))
  }

  /** An answer that is complete as it comes. */
  readBody(body: unknown, out: ProviderEvent[]): void {
    if (isRecord(body) && !hasError(body) && records(body['choices']).length === 0) throw this.#unreadable()
    this.#chunk(body, out)
    this.#done = true
    this.end(out)
  }

  end(out: ProviderEvent[]): void {
    const { provider, model } = this.#facts
    if (this.state === 'open') {
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
    this.#start({}, out)
    for (const part of [...this.#reasoning.parts(), ...this.#aside.parts(), ...calls]) out.push({ type: 'part', part })
    out.push({
      type: 'finish',
      reason: finishReason(this.#finish, { calls: calls.length, refused: this.#refused }),
      ...(this.#finish !== undefined && { rawReason: this.#finish }),
      ...(warnings.length > 0 && { warnings }),
    })
  }

  empty(): LLMError {
    return this.#unreadable({ billed: this.#facts.dialect.billsUnanswered === true ? 'unknown' : 'no' })
  }

  endless(): LLMError {
    return this.#unreadable()
  }

  #event(name: string, data: string, out: ProviderEvent[]): void {
    const said = this.#template.read(data)
    if (said !== undefined && said !== '') return this.#piece(said, out)
    const first = out.length
    const chunk = parseJSON(data)
    if (isForeign(name, chunk)) return
    this.#chunk(chunk, out)
    // Learnt is what brings content and nothing else: no figures, no end, nothing to keep.
    if (out.length === first + 1 && out[first]?.type === 'text_delta' && isPlain(chunk))
      this.#template.learn(data, chunk, name)
  }

  /** The answer is not one that this wire knows. */
  #unreadable(facts: LLMErrorFacts = {}): LLMError {
    const { provider, model } = this.#facts
    const message = `${provider} answered with something that is not a chat completion`
    return new LLMError('protocol', message, { provider, model, billed: 'yes', ...facts })
  }

  #chunk(chunk: unknown, out: ProviderEvent[]): void {
    if (!isRecord(chunk)) throw this.#unreadable()
    if (hasError(chunk)) throw this.#error(chunk)
    if (!isRecognisable(chunk)) throw this.#unreadable()
    this.#serviceTier = text(chunk['service_tier']) ?? this.#serviceTier
    if (text(chunk['model']) !== undefined || text(chunk['id']) !== undefined) this.#start(chunk, out)
    this.#aside.see(chunk)
    const choice = records(chunk['choices']).find((one) => (one['index'] ?? 0) === 0)
    if (choice !== undefined) this.#choice(choice, out)
    this.#usage(chunk, choice, out)
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
    const { provider, model, response, dialect, clock } = this.#facts
    return wireError(provider, model, { ...response, body, now: clock.date() }, errorReader(dialect))
  }
}
