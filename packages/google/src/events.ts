import { LLMError } from '@wayfare/core'
import type { Clock, LLMErrorFacts, LLMErrorKind, ProviderEvent, Warning } from '@wayfare/core'
import { isRecord, jsonSource, parseJSON, wireError } from '@wayfare/provider-kit'
import type { AnswerReader, AnswerState, BodyReader } from '@wayfare/provider-kit'
import { Candidate } from './candidate.ts'
import { readError } from './error.ts'
import { finishReason } from './finish.ts'
import { toUsage, usageProblems } from './usage.ts'
import { isAnswer } from './response.ts'
import { isChunk, wireChunk } from './wire.ts'

/** What the reader of an answer knows of the request that it answers. */
export interface Answering {
  readonly provider: string
  readonly model: string
  readonly attemptId: string
  readonly clock: Pick<Clock, 'date'>
  /** Of the answer. */
  readonly headers: ReadonlyMap<string, string>
  readonly warnings: readonly Warning[]
}

/** Turns the vendor's chunks into our events, one answer long. */
export class ChunkReader implements AnswerReader, BodyReader {
  readonly #answering: Answering
  readonly #candidate: Candidate
  #started = false
  /** Whether something came that is no chunk of an answer. */
  #strange = false
  #finishReason: string | undefined
  #counts: Readonly<Record<string, unknown>> = {}

  constructor(answering: Answering) {
    this.#answering = answering
    // Other vendors, which may go on with the conversation, limit the length of ids, and their characters.
    const seed = answering.attemptId.replace(/\W/g, '').slice(-24)
    this.#candidate = new Candidate((index) => `call_${seed}_${index}`)
  }

  /** Figures may follow the finish reason: only the end of the body is the end. */
  get state(): AnswerState {
    return this.#finishReason === undefined ? 'open' : 'complete'
  }

  read(data: string, out: ProviderEvent[]): void {
    if (data !== '') this.#chunk(parseJSON(data), out, data)
  }

  /** It counts only if it is the terminator, or says what went wrong. */
  readLast(data: string, out: ProviderEvent[]): void {
    if (isLastWord(data)) this.read(data, out)
  }

  /** One chunk, or the array of chunks that a stream without `alt=sse` is. */
  readBody(body: unknown, out: ProviderEvent[]): void {
    const chunks: readonly unknown[] = Array.isArray(body) ? body : [body]
    if (!chunks.some(isAnswer))
      throw this.#failure('protocol', 'the answer is not one of generateContent; check that baseURL leads to it', {
        billed: 'yes',
      })
    for (const chunk of chunks) this.#chunk(chunk, out)
    this.end(out)
  }

  end(out: ProviderEvent[]): void {
    const raw = this.#finishReason
    if (raw === undefined) throw this.#unfinished()
    this.#candidate.end(out)
    // The last figures are the ones that count, and looking at all of them takes its time.
    const problems = usageProblems(this.#counts)
    if (problems.length > 0) out.push({ type: 'usage', usage: {}, problems })
    const reason = finishReason(raw, this.#candidate.calls)
    if (reason === 'failed')
      throw this.#failure('protocol', 'the model wrote a call or an answer that the vendor could not read', {
        code: raw,
        billed: 'yes',
      })
    out.push({
      type: 'finish',
      reason,
      rawReason: raw,
      ...(this.#candidate.incomplete && { warnings: [incompleteCall] }),
    })
  }

  empty(): LLMError {
    return this.#failure('protocol', 'the answer was empty', { billed: 'no' })
  }

  endless(): LLMError {
    return this.#failure('protocol', 'the stream goes on without content')
  }

  /** Ignores what it does not know. Throws when the chunk is an error or says that the prompt was blocked. `source`: its text. */
  #chunk(value: unknown, out: ProviderEvent[], source?: string): void {
    if (!isRecord(value) || !isChunk(value)) {
      this.#strange = true
      return
    }
    const chunk = wireChunk(value)
    if (chunk.isError) throw this.#vendorError(value)
    this.#start(chunk.responseId, chunk.modelVersion, out)
    if (chunk.usage !== undefined) this.#count(chunk.usage, out)
    if (chunk.blockReason !== undefined && !chunk.hasCandidate)
      throw this.#failure('content_filter', 'the prompt was blocked; change it or the safety settings', {
        phase: 'input',
        code: chunk.blockReason,
        billed: 'unknown',
      })
    for (const [at, part] of chunk.parts.entries()) this.#candidate.add(part, out, () => argumentsIn(source, at))
    this.#finishReason = chunk.finishReason ?? this.#finishReason
  }

  #unfinished(): LLMError {
    if (this.#strange && !this.#started)
      return this.#failure('protocol', 'the stream holds no chunks of generateContent', { billed: 'yes' })
    return this.#failure('stream_truncated', 'the answer ended without a finish reason')
  }

  #start(id: string | undefined, model: string | undefined, out: ProviderEvent[]): void {
    if (this.#started) return
    this.#started = true
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

  #count(counts: Readonly<Record<string, unknown>>, out: ProviderEvent[]): void {
    const serviceTier = this.#answering.headers.get('x-gemini-service-tier')
    this.#counts = counts
    out.push({ type: 'usage', usage: { ...toUsage(counts), ...(serviceTier !== undefined && { serviceTier }) } })
  }

  #failure(kind: LLMErrorKind, message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('x-request-id'), ...facts })
  }

  #vendorError(body: Readonly<Record<string, unknown>>): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
  }
}

/** Whole, too: half a terminator is none. */
function isLastWord(data: string): boolean {
  if (!/"(?:finishReason|error)"\s*:/.test(data)) return false
  try {
    parseJSON(data)
    return true
  } catch {
    return false
  }
}

/** The arguments of a call as they were written. */
function argumentsIn(source: string | undefined, at: number): string | undefined {
  return jsonSource(source ?? '', ['candidates', 0, 'content', 'parts', at, 'functionCall', 'args'])
}

const incompleteCall: Warning = {
  code: 'incomplete_tool_call',
  message: 'a function call was cut short and dropped',
}
