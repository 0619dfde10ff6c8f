import type { Clock } from './clock.ts'
import type { JSONSchema } from './json.ts'
import type { AssistantPart, TextPart, ToolResultPart, UserPart } from './message.ts'
import type { ModelInfo } from './model.ts'
import type { FinishReason, Sampling, ToolChoice, Warning } from './call.ts'
import type { Usage } from './usage.ts'

/** Everything Wayfare needs of a vendor. `chat` is the only duty; the rest are capabilities. */
export interface Provider {
  /** Unique in a router and without '/'. Two keys of one vendor are two names. */
  readonly name: string
  /** Whose prices, metadata and options apply. Absent: the name. */
  readonly vendor?: string
  readonly defaultModel?: string
  /**
   * Sends one request and yields its events, one at a time or (what quick wires do) those of one network read together.
   * Sends nothing before the first pull. Throws `LLMError`. `finish` comes last, and only after the protocol's own terminator.
   */
  chat(request: ProviderRequest): AsyncIterable<ProviderEvent | readonly ProviderEvent[]>
  models?(options?: ProviderCallOptions): Promise<readonly ModelInfo[]>
  /** Remaining credit in USD; `Infinity` means unlimited. */
  balance?(options?: ProviderCallOptions): Promise<number>
  /** Resolves when the vendor answers and accepts the key. Costs nothing. */
  health?(options?: ProviderCallOptions): Promise<void>
  traits?(model: string): ProviderTraits
  /** Closes idle sockets. The provider stays usable. */
  close?(): Promise<void>
}

export interface ProviderCallOptions {
  readonly signal?: AbortSignal | undefined
}

/** What a model of a provider can do; absent facts are unknown. */
export interface ProviderTraits {
  /**
   * Whether the vendor stops generating (and billing) when the connection closes. Where it is not known to, a call that is
   * cancelled under a hard limit is charged for all the output that it may write.
   */
  readonly stopsOnAbort?: boolean
  /** Whether an assistant message at the end is continued exactly. */
  readonly prefill?: boolean
  readonly tools?: boolean
  readonly input?: readonly ('image' | 'pdf' | 'audio' | 'video' | 'url')[]
  /** Costs nothing, whatever the usage. */
  readonly free?: boolean
}

/** A call, fully resolved: parts only, JSON Schema only, the options of one vendor only. */
export interface ProviderRequest extends Sampling {
  readonly model: string
  readonly messages: readonly ProviderMessage[]
  readonly tools: readonly ProviderTool[]
  readonly toolChoice: ToolChoice
  readonly output?: { readonly name: string; readonly schema: JSONSchema }
  /** Whether to ask for a stream on the wire. */
  readonly stream: boolean
  readonly signal: AbortSignal
  readonly attemptId: string
  readonly clock: Clock
  /** Enforced by the transport, which sees the socket. */
  readonly timeout: TransportTimeouts
  readonly options?: { readonly [key: string]: unknown }
}

/** Milliseconds. */
export interface TransportTimeouts {
  readonly connectMs: number
  readonly firstByteMs: number
  readonly idleMs: number
}

export interface ProviderTool {
  readonly name: string
  readonly description?: string
  readonly inputSchema: JSONSchema
}

export type ProviderMessage =
  | { readonly role: 'system'; readonly content: readonly TextPart[] }
  | { readonly role: 'user'; readonly content: readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantPart[] }
  | { readonly role: 'tool'; readonly content: readonly ToolResultPart[] }

/**
 * What a provider yields. A run of deltas without a `part` of its type becomes one part; a `part` without deltas is shown
 * as one delta; tool calls need a `part` (their deltas only show progress). `usage` may be partial: the last figure of each
 * field wins. `sideEffects` says that a tool ran on the vendor's side, which forbids a replay.
 */
export type ProviderEvent =
  | {
      readonly type: 'start'
      readonly id?: string
      /** The model that serves, where the vendor says so. */
      readonly model?: string
      /** The host behind a gateway. */
      readonly upstream?: string
      readonly requestId?: string
      readonly warnings?: readonly Warning[]
    }
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'reasoning_delta'; readonly text: string }
  | {
      readonly type: 'tool_call_delta'
      readonly index: number
      readonly id?: string
      readonly name?: string
      readonly rawInput: string
    }
  | { readonly type: 'part'; readonly part: AssistantPart }
  | {
      readonly type: 'usage'
      readonly usage: Partial<Usage>
      readonly reportedUsd?: number
      /** What was wrong with the figures before they were clamped, in words; raised as `usage_anomaly`. */
      readonly problems?: readonly string[]
    }
  | { readonly type: 'side_effect'; readonly name: string }
  | {
      readonly type: 'finish'
      readonly reason: FinishReason
      readonly rawReason?: string
      readonly warnings?: readonly Warning[]
    }
