import type { LLMError, ProviderEvent } from '@wayfare/core'
import type { SSEDecode } from '@wayfare/sse'

/** Turns the bytes of one answer into events, without I/O. What it throws ends the answer, after what it has added. */
export interface Decoder {
  readonly state: AnswerState
  /** Adds what these bytes complete. */
  feed(chunk: Uint8Array, out: ProviderEvent[]): void
  /** The body is over: adds what is left to say. Throws `stream_truncated` when the answer is not complete. */
  end(out: ProviderEvent[]): void
  /** Why a body without a byte is no answer. */
  empty(): LLMError
}

/**
 * `complete`: the protocol has called the answer whole, though more may follow, so that a connection which breaks does no harm.
 * `finished`: its terminator was read, and nothing behind it counts.
 */
export type AnswerState = 'open' | 'complete' | 'finished'

/** What a wire makes of its answers: it is told events (or lines), one at a time, or one JSON body. */
export interface AnswerReader {
  readonly state: AnswerState
  /** Adds what one event says. `name`: that of the event in its stream. Throws when it is an error. */
  read(data: string, out: ProviderEvent[], name: string): void
  /** `read` for an event that the end of the body cut off. */
  readLast(data: string, out: ProviderEvent[], name: string): void
  /** Takes events that stand there and are like an earlier one, and says where the first other one begins; -1 for none. As `SSESink.match`. */
  match?(text: string, at: number, out: ProviderEvent[], decode?: SSEDecode): number
  /** A field of the stream that makes no part of an event. */
  field?(name: string, value: string): void
  /** Nothing more will come: adds what is left to say. Throws `stream_truncated` when the answer is not complete. */
  end(out: ProviderEvent[]): void
  /** Why a body without a byte is no answer. */
  empty(): LLMError
  /** Why a stream that goes on and on without saying anything is given up. */
  endless(): LLMError
}

/** So many events in a row that say nothing are a server in a loop. */
export const MOST_IDLE_EVENTS = 10_000
