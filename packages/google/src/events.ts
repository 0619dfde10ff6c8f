import { LLMError } from '@wayfare/core'
import type { Clock, LLMErrorFacts, LLMErrorKind, ProviderEvent, Warning } from '@wayfare/core'
import { isRecord, jsonSource, parseJSON, SSEParser, wireError } from '@wayfare/provider-kit'
import type { SSEEvent } from '@wayfare/provider-kit'
import { Candidate } from './candidate.ts'
import { readError } from './error.ts'
import { finishReason } from './finish.ts'
import { toUsage, usageProblems } from './usage.ts'
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

/** So many events in a row without content are a server in a loop. */
const maxEventsWithoutProgress = 10_000

/**
 * The events of a stream, those of one network read together. Throws `stream_truncated` when it ends without a finish
 * reason, `content_filter` when the prompt was blocked, and the vendor's own error when one stands inside it.
 */
export async function* events(
  body: AsyncIterable<Uint8Array>,
  answering: Answering,
): AsyncGenerator<readonly ProviderEvent[]> {
  const parser = new SSEParser({ tail: true })
  const reader = new AnswerReader(answering)
  let idle = 0
  let empty = true
  for await (const chunk of untilComplete(body, reader)) {
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
    if (out.length > 0) yield out
  }
  if (empty) throw reader.failure('protocol', 'the answer was empty', { billed: 'no' })
  const out: ProviderEvent[] = []
  try {
    read(reader, parser.end().filter(isLastWord), out)
    reader.end(out)
  } catch (error) {
    if (out.length > 0) yield out
    throw error
  }
  yield out
}

/** The bytes of a body. Once the answer is complete, a break is as good as an end: only its farewell is missing. */
async function* untilComplete(body: AsyncIterable<Uint8Array>, reader: AnswerReader): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (!reader.complete || !isBreak(error)) throw error
  }
}

function isBreak(error: unknown): boolean {
  return LLMError.is(error) && (error.kind === 'stream_truncated' || error.phase === 'idle')
}

function read(reader: AnswerReader, received: readonly SSEEvent[], out: ProviderEvent[]): void {
  for (const event of received) if (event.data !== '') reader.read(parseJSON(event.data), out, event.data)
}

/** An event that the end of the stream cut off counts only if it is the terminator, or says what went wrong; whole. */
function isLastWord({ data }: SSEEvent): boolean {
  if (!/"(?:finishReason|error)"\s*:/.test(data)) return false
  try {
    parseJSON(data)
    return true
  } catch {
    return false
  }
}

/** Turns the vendor's chunks into our events, one answer long. */
export class AnswerReader {
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

  /** Whether the finish reason has come; figures may still follow. */
  get complete(): boolean {
    return this.#finishReason !== undefined
  }

  /** Ignores what it does not know. Throws when the chunk is an error or says that the prompt was blocked. `source`: its text. */
  read(value: unknown, out: ProviderEvent[], source?: string): void {
    if (!isRecord(value) || !isChunk(value)) {
      this.#strange = true
      return
    }
    const chunk = wireChunk(value)
    if (chunk.isError) throw this.#vendorError(value)
    this.#start(chunk.responseId, chunk.modelVersion, out)
    if (chunk.usage !== undefined) this.#count(chunk.usage, out)
    if (chunk.blockReason !== undefined && !chunk.hasCandidate)
      throw this.failure('content_filter', 'the prompt was blocked; change it or the safety settings', {
        phase: 'input',
        code: chunk.blockReason,
        billed: 'unknown',
      })
    for (const [at, part] of chunk.parts.entries()) this.#candidate.add(part, out, () => argumentsIn(source, at))
    this.#finishReason = chunk.finishReason ?? this.#finishReason
  }

  /** Nothing more will come. */
  end(out: ProviderEvent[]): void {
    const raw = this.#finishReason
    if (raw === undefined) throw this.#unfinished()
    this.#candidate.end(out)
    // The last figures are the ones that count, and looking at all of them takes its time.
    const problems = usageProblems(this.#counts)
    if (problems.length > 0) out.push({ type: 'usage', usage: {}, problems })
    const reason = finishReason(raw, this.#candidate.calls)
    if (reason === 'failed')
      throw this.failure('protocol', 'the model wrote a call or an answer that the vendor could not read', {
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

  failure(kind: LLMErrorKind, message: string, facts: LLMErrorFacts = {}): LLMError {
    const { provider, model, headers } = this.#answering
    return new LLMError(kind, message, { provider, model, requestId: headers.get('x-request-id'), ...facts })
  }

  #unfinished(): LLMError {
    if (this.#strange && !this.#started)
      return this.failure('protocol', 'the stream holds no chunks of generateContent', { billed: 'yes' })
    return this.failure('stream_truncated', 'the answer ended without a finish reason')
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

  #vendorError(body: Readonly<Record<string, unknown>>): LLMError {
    const { provider, model, headers, clock } = this.#answering
    return wireError(provider, model, { status: 200, headers, body, now: clock.date() }, readError)
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
