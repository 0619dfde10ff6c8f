/** The wires that the emulator speaks. */
export type WireName = 'anthropic' | 'openai' | 'openrouter' | 'google' | 'ollama'

/** What the emulator does with one request: answer it, refuse it, or write bytes. */
export type Reply = Answer | Failure | Raw

/** A model's answer, in no vendor's terms. The wire decides how it looks, streamed or as one JSON body. */
export interface Answer {
  /** What the model thought. An empty string is a signed block without text, where the vendor signs. */
  readonly reasoning?: string | undefined
  /** Default: `Hello from <model>.`, unless the answer has tool calls or is refused without a text. */
  readonly text?: string | undefined
  readonly toolCalls?: readonly ScriptedToolCall[] | undefined
  /** Default: `tool_calls` with tool calls, else `stop`. What a vendor has no word for becomes its nearest one. */
  readonly finish?: Finish | undefined
  /** Figures left out are estimated: four characters are a token. `none` sends no usage at all. */
  readonly usage?: ScriptedUsage | 'none' | undefined
  /** The model that the answer names. Default: the one asked for. */
  readonly model?: string | undefined
  /** What the call cost, for the wires that report it (openrouter). */
  readonly costUsd?: number | undefined
  /** Added to the response's headers; lower-case names replace the wire's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Wait before the response's headers. */
  readonly delayMs?: number | undefined
  /** Wait before every delta but the first. */
  readonly paceMs?: number | undefined
  /** Characters (code points) per delta. Default: words, and eight characters of tool arguments. */
  readonly deltaSize?: number | undefined
  /** Cut what is written to the socket into pieces of so many bytes, through the middle of characters and lines. */
  readonly splitBytes?: number | undefined
  /** Of a stream. Default: `\n`. */
  readonly lineEnd?: '\n' | '\r\n' | undefined
  readonly fault?: Fault | undefined
}

export interface ScriptedToolCall {
  readonly name: string
  /** Sent as its JSON, or as an object where the vendor sends one. Default: `{}`. */
  readonly input?: unknown
  /** The argument text itself, which need not be JSON. For the wires that carry text: anthropic, openai, openrouter. */
  readonly rawInput?: string | undefined
  /** Default: unique, in the vendor's style. */
  readonly id?: string | undefined
}

export type Finish = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'refusal' | 'pause'

/** Tokens. The input side is disjoint; `output` includes `reasoning`. */
export interface ScriptedUsage {
  readonly input?: number | undefined
  readonly cacheRead?: number | undefined
  readonly cacheWrite?: number | undefined
  readonly cacheWrite1h?: number | undefined
  readonly output?: number | undefined
  readonly reasoning?: number | undefined
}

/**
 * What goes wrong in an answer that began well.
 *
 * - `reset`: the connection is reset (RST).
 * - `end`: the response ends in good order, without the protocol's terminator.
 * - `cut`: the connection is closed in the middle of an event, the HTTP body unfinished.
 * - `stall`: nothing more comes; the connection stays open until the client leaves.
 * - `keep_alive`: only keep-alive comments come (empty lines on ollama), one per `paceMs` (default 10), until the client leaves.
 * - `error`: the vendor's error inside the stream.
 * - `malformed`: one event that is not JSON; the rest follows as if nothing had happened.
 * - `html`: an HTML page; after no deltas it is the whole response, with status 200 and `text/html`.
 * - `empty`: a response with status 200 and no body at all.
 */
export interface Fault {
  /** Deltas of content sent before; beyond their number: after the last one. One JSON body breaks in its middle. */
  readonly after: number
  readonly kind: 'reset' | 'end' | 'cut' | 'stall' | 'keep_alive' | 'error' | 'malformed' | 'html' | 'empty'
  /** Of `error`. Default: `overloaded`. */
  readonly error?: FailureName | undefined
}

/** A refusal before the answer begins. */
export interface Failure {
  /** Default: the vendor's own. */
  readonly status?: number | undefined
  /** A name gives the vendor's status and body. A body is sent as it is: strings and bytes raw, the rest as JSON. */
  readonly error: FailureName | ScriptedBody
  /** The `retry-after` header; on google, whose API has none, `RetryInfo.retryDelay`. */
  readonly retryAfter?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly delayMs?: number | undefined
}

export interface ScriptedBody {
  readonly body: unknown
  /** Default: `application/json`, or `text/plain` for a string. */
  readonly contentType?: string | undefined
}

export type FailureName =
  | 'rate_limit'
  | 'overloaded'
  | 'server'
  | 'auth'
  | 'billing'
  | 'permission'
  | 'not_found'
  | 'bad_request'
  | 'context_length'
  | 'content_filter'
  | 'too_large'

/** Bytes straight to the socket, status line included. After the last step the connection is closed. */
export interface Raw {
  readonly raw: readonly RawStep[]
}

/**
 * Bytes; three words that are not written but done: `reset` sends RST, `end` closes, `stall` waits until the client
 * leaves; a wait; or the same bytes many times, as fast as the client reads.
 */
export type RawStep =
  | string
  | Uint8Array
  | { readonly waitMs: number }
  | { readonly repeat: string | Uint8Array; readonly times: number }
