import { LLMError } from '@wayfare/core'
import type { Clock, FinishReason, LLMErrorFacts, ProviderEvent, Usage, Warning } from '@wayfare/core'
import { isRecord, jsonSource, parseJSON, tokens, wireError } from '@wayfare/provider-kit'
import type { AnswerReader, AnswerState, BodyReader } from '@wayfare/provider-kit'
import { readError } from './error.ts'
import { isAnswer } from './response.ts'
import { isLine, wireLine } from './wire.ts'
import type { WireLine, WireToolCall } from './wire.ts'

/** What the reader of an answer knows of the request that it answers. */
export interface Answering {
  readonly provider: string
  readonly model: string
  readonly attemptId: string
  readonly clock: Pick<Clock, 'date'>
  /** Of the answer. */
  readonly headers: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
  /** The size of the context, as far as the request set it. */
  readonly contextTokens?: number
}

/** What the server takes when nothing is said, on most machines. */
const usualContextTokens = 4_096
/** Turns the server's lines into our events, one answer long. */
export class LineReader implements AnswerReader, BodyReader {
  readonly #answering: Answering
  readonly #ids = new Set<string>()
  #started = false
  #finished = false
  /** Whether something came that is no line of an answer. */
  #strange = false
  /** Why a line could not be read. */
  #broken: LLMError | undefined
  #thoughts: string[] = []

  constructor(answering: Answering) {
    this.#answering = answering
  }

  get state(): AnswerState {
    return this.#finished ? 'finished' : 'open'
  }

  /** Only the end of the stream may break a line: one that cannot be read must be the last. */
  read(line: string, out: ProviderEvent[]): void {
    if (this.#broken !== undefined) throw this.#broken
    let value: unknown
    try {
      value = parseJSON(line)
    } catch (error) {
      if (!LLMError.is(error)) throw error
      this.#broken = error
      return
    }
    this.#line(value, out, line)
  }

  readLast(line: string, out: ProviderEvent[]): void {
    this.read(line, out)
  }

  readBody(body: unknown, out: ProviderEvent[]): void {
    if (!isAnswer(body))
      throw this.#failure(
        'protocol',
        'the answer is not one of /api/chat; check that baseURL leads to an Ollama server',
        {
          billed: 'yes',
        },
      )
    this.#line(body, out)
    if (!this.#finished) throw this.#failure('stream_truncated', 'the answer does not say that it is done')
  }

  /** Throws when the stream ends without its last line. */
  end(): void {
    if (this.#finished) return
    if (this.#strange && !this.#started)
      throw this.#failure('protocol', 'the stream holds no lines of /api/chat', { billed: 'yes' })
    throw this.#failure('stream_truncated', 'the stream ended before a line that says it is done')
  }

  empty(): LLMError {
    return this.#failure('protocol', 'the answer was empty', { billed: 'no' })
  }

  endless(): LLMError {
    return this.#failure('protocol', 'the stream goes on without content')
  }

  /** Throws when the line is an error. `source`: its text, for arguments as they were written. */
  #line(value: unknown, out: ProviderEvent[], source?: string): void {
    if (!isRecord(value) || !isLine(value)) {
      this.#strange = true
      return
    }
    if (value['error'] !== undefined && value['error'] !== null) throw this.#serverError(value)
    const line = wireLine(value)
    this.#start(line.model, out)
    if (line.thinking !== '') {
      this.#thoughts.push(line.thinking)
      out.push({ type: 'reasoning_delta', text: line.thinking })
    }
    if (line.content !== '') {
      this.#endThoughts(out)
      out.push({ type: 'text_delta', text: line.content })
    }
    for (const call of line.toolCalls) {
      this.#endThoughts(out)
      out.push({ type: 'part', part: this.#toolCall(call, source) })
    }
    if (line.done) this.#finish(line, out)
  }

  #start(model: string | undefined, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
    const { warnings } = this.#answering
    out.push({ type: 'start', ...(model !== undefined && { model }), ...(warnings.length > 0 && { warnings }) })
  }

  /** Marks the thoughts as this vendor's, so that they go back to it and to no other. */
  #endThoughts(out: ProviderEvent[]): void {
    if (this.#thoughts.length === 0) return
    const text = this.#thoughts.join('')
    this.#thoughts = []
    out.push({ type: 'part', part: { type: 'reasoning', text, providerMetadata: { ollama: {} } } })
  }

  #toolCall(
    { at, id: given, name, arguments: input }: WireToolCall,
    source: string | undefined,
  ): Extract<ProviderEvent, { type: 'part' }>['part'] {
    const made = `call_${this.#answering.attemptId}_${this.#ids.size}`
    const id = given === undefined || this.#ids.has(given) ? made : given
    this.#ids.add(id)
    const written = typeof input === 'string' ? input : jsonSource(source ?? '', argumentsOf(at))
    const rawInput = written ?? JSON.stringify(input)
    if (typeof input !== 'string') return { type: 'tool_call', id, name, input, rawInput }
    const value = parsed(input)
    return {
      type: 'tool_call',
      id,
      name,
      input: value?.input ?? {},
      rawInput,
      ...(value === undefined && { invalid: true }),
    }
  }

  #finish(line: WireLine, out: ProviderEvent[]): void {
    this.#finished = true
    this.#endThoughts(out)
    const usage = usageOf(line)
    const { problems } = line
    if (usage !== undefined || problems.length > 0)
      out.push({ type: 'usage', usage: usage ?? {}, ...(problems.length > 0 && { problems }) })
    const reason = finishReason(line.doneReason, this.#ids.size)
    const warnings = this.#lastWarnings(line)
    out.push({
      type: 'finish',
      reason,
      ...(line.doneReason !== undefined && { rawReason: line.doneReason }),
      ...(warnings.length > 0 && { warnings }),
    })
  }

  #lastWarnings({ doneReason, inputTokens }: WireLine): readonly Warning[] {
    const limit = this.#answering.contextTokens ?? usualContextTokens
    const full = inputTokens !== undefined && inputTokens <= limit && inputTokens >= limit * 0.98
    return [
      ...(doneReason === undefined ? [unnamed] : []),
      ...(doneReason === 'load' || doneReason === 'unload' ? [loaded] : []),
      ...(full ? [truncated] : []),
    ]
  }

  #failure(kind: 'protocol' | 'stream_truncated', message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model } = this.#answering
    return new LLMError(kind, message, { provider, model, ...facts })
  }

  #serverError(body: Readonly<Record<string, unknown>>): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}

const unnamed: Warning = {
  code: 'no_finish_reason',
  message: 'the stream ended properly but named no reason',
}

const loaded: Warning = {
  code: 'model_loaded',
  message: 'the server only loaded or unloaded the model; send at least one message with content',
}

const truncated: Warning = {
  code: 'context_full',
  message:
    'the prompt filled the context, so that its beginning may have been cut; set providerOptions.ollama.options.num_ctx',
}

function argumentsOf(at: number): readonly (string | number)[] {
  return ['message', 'tool_calls', at, 'function', 'arguments']
}

function parsed(raw: string): { readonly input: unknown } | undefined {
  try {
    return { input: raw === '' ? {} : parseJSON(raw) }
  } catch {
    return undefined
  }
}

/** Counts are left out where the server has nothing to say, such as for a prompt that it still remembered. */
function usageOf({ inputTokens, outputTokens }: WireLine): Partial<Usage> | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  return {
    ...(inputTokens !== undefined && { input: tokens(inputTokens) }),
    ...(outputTokens !== undefined && { output: tokens(outputTokens) }),
  }
}

function finishReason(raw: string | undefined, calls: number): FinishReason {
  if (raw === 'length') return 'length'
  if (raw === 'stop') return calls > 0 ? 'tool_calls' : 'stop'
  return 'other'
}
