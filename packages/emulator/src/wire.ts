import type { FailureName, Finish, WireName } from './reply.ts'
import type { Rule } from './rule.ts'
import type { Usage } from './usage.ts'

/**
 * What a folder of this package supplies to speak one vendor's wire. To add a wire: copy the folder nearest to it, add
 * its name to `WireName` and the result to `wires.ts`.
 */
export interface Wire {
  readonly name: WireName
  /** Where the wire's base URL begins, as `/openai/v1`. */
  readonly basePath: string
  readonly framing: Framing
  /** What stands at a path below the base path; undefined: nothing. */
  route(call: RouteCall): Route | undefined
  /** The key that a request carries, however the vendor takes it. */
  key(headers: Readonly<Record<string, string>>): string | undefined
  /** Set when the vendor also serves without a key. */
  readonly keyless?: true
  /** The response headers of every answer and refusal. */
  headers(id: string): Record<string, string>
  /** The vendor's refusal. */
  failure(name: FailureName, facts: FailureFacts): WireFailure
}

/** One way to chat on a wire: what is asked for and how the answer looks. A vendor with two ways has two of these. */
export interface Chat {
  /** What a request must obey, in the order of checking. */
  readonly rules: readonly Rule[]
  /** The events of a streamed answer. */
  stream(turn: Turn): readonly StreamEvent[]
  /** The body of an answer that is not streamed. */
  body(turn: Turn): unknown
  /** The event that carries a refusal inside a stream. */
  streamError(failure: WireFailure, turn: Turn): StreamEvent
}

export type Framing = 'sse' | 'ndjson'

export interface RouteCall {
  readonly method: string
  /** Below the base path, as `/chat/completions`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}

export type Route =
  | { readonly kind: 'chat'; readonly chat: Chat; readonly model: string; readonly stream: boolean }
  /** Answered with fixed data. `open`: without a key. */
  | { readonly kind: 'fixed'; readonly body: unknown; readonly open?: boolean }

/** An answer with all its defaults filled in, for one request. */
export interface Turn {
  /** Unique in the emulator, as `emu000001`. */
  readonly id: string
  readonly model: string
  readonly request: Readonly<Record<string, unknown>>
  readonly reasoning?: string
  readonly text?: string
  readonly toolCalls: readonly TurnToolCall[]
  readonly finish: Finish
  /** Absent: none is sent. */
  readonly usage?: Usage
  readonly costUsd?: number
  /** Cuts prose into deltas. */
  words(text: string): readonly string[]
  /** Cuts tool arguments into deltas. */
  pieces(text: string): readonly string[]
}

export interface TurnToolCall {
  readonly name: string
  readonly input: unknown
  readonly rawInput: string
  readonly id?: string
}

/** One event of a stream. `content` marks a delta, which faults count. */
export type StreamEvent =
  | { readonly data: unknown; readonly event?: string; readonly content?: true }
  | { readonly text: string; readonly event?: string; readonly content?: true }
  | { readonly comment: string; readonly content?: undefined }

export interface FailureFacts {
  readonly model: string
  /** The response's id, where the vendor repeats it in the body. */
  readonly id: string
  readonly message?: string | undefined
  /** The field of the request that is at fault. */
  readonly param?: string | undefined
  readonly retryAfter?: string | undefined
}

export interface WireFailure {
  readonly status: number
  readonly body: unknown
  /** Set when the vendor says this in the stream itself, with status 200. */
  readonly inStream?: true
  readonly headers?: Readonly<Record<string, string>>
}
