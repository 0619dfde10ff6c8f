/// <reference lib="esnext.disposable" preserve="true" />
import type { FinishReason, Warning } from './call.ts'
import type { LLMError, LLMErrorKind } from '../error.ts'
import type { AssistantMessage, AssistantPart, FilePart } from './message.ts'
import type { ModelTarget } from './model.ts'
import type { Plan } from './plan.ts'
import type { Scope } from './budget.ts'
import type { AnyToolCall, ToolSet } from './tool.ts'
import type { PricingSource, Usage, UsageSource } from './usage.ts'

/** A whole answer, with the bill of the call that brought it. */
export interface ChatResponse<C extends AnyToolCall = AnyToolCall, O = unknown> {
  /** All text parts of the message. */
  readonly text: string
  /** Push it back to the history unchanged. */
  readonly message: AssistantMessage & { readonly content: readonly AssistantPart[] }
  /** Checked against their tools' schemas; an `invalid` one wants an answer, too, which `runTools` gives. */
  readonly toolCalls: readonly C[]
  /** The validated object; with tools, absent while the model still calls them. */
  readonly output: O
  readonly finishReason: FinishReason
  /** The vendor's own word. */
  readonly rawFinishReason?: string
  /** The name of the provider that answered. */
  readonly provider: string
  /** As it was asked for. */
  readonly model: string
  /** The model that the vendor says served. */
  readonly servedModel?: string
  /** Of the attempt that answered. */
  readonly usage: Usage
  readonly usageSource: UsageSource
  /** USD over all attempts; absent when any of them could not be priced. */
  readonly costUsd?: number
  readonly pricingSource: PricingSource
  /** The bill: every attempt of the call, failed and cancelled ones included. */
  readonly attempts: readonly Attempt[]
  /** Which targets were there to choose from, and why in this order. */
  readonly decision: Plan
  /** What was adapted or left out for the model that answered. */
  readonly warnings: readonly Warning[]
}

/** The type of `output`: with tools it may not be there yet. */
export type OutputOf<T extends ToolSet, O> = string extends keyof T ? O : O | undefined

export interface AttemptBase extends ModelTarget {
  readonly id: string
  readonly servedModel?: string
  readonly upstream?: string
  readonly requestId?: string
  /** Unix milliseconds. */
  readonly startedAt: number
  /** Milliseconds from the start to the first content. */
  readonly firstOutputMs?: number
  readonly totalMs: number
  readonly usage: Usage
  readonly usageSource: UsageSource
  /** USD, rounded up to a nano-USD; absent when the model has no known price. */
  readonly costUsd?: number
  readonly pricingSource: PricingSource
  /** Whether the vendor bills for it. */
  readonly billed: 'no' | 'yes' | 'unknown'
}

/** One line of the bill. */
export type Attempt =
  | (AttemptBase & { readonly outcome: 'ok' })
  | (AttemptBase & {
      readonly outcome: 'failed' | 'cancelled'
      readonly kind: LLMErrorKind
      readonly status?: number
      readonly message: string
    })

/** What a stream tells, in order: `attempt_start` first, `finish` last. */
export type ChatEvent<C extends AnyToolCall = AnyToolCall, O = unknown> =
  | { readonly type: 'attempt_start'; readonly attempt: number; readonly target: ModelTarget }
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'reasoning_delta'; readonly text: string }
  | { readonly type: 'file'; readonly file: FilePart }
  /** Whole, once, and only from a stream that ended validly. */
  | { readonly type: 'tool_call'; readonly toolCall: C }
  | {
      readonly type: 'attempt_failed'
      readonly attempt: number
      readonly error: LLMError
      readonly next?: ModelTarget
      readonly waitMs?: number
    }
  /** What was shown is void: the next attempt starts from nothing. */
  | { readonly type: 'reset'; readonly attempt: number }
  | { readonly type: 'soft_limit'; readonly scope: Scope; readonly limitUsd: number; readonly spentUsd: number }
  | { readonly type: 'finish'; readonly response: ChatResponse<C, O> }

/**
 * One call, running as far as it is pulled: nothing is sent or reserved before. One reader, of one face (the events or
 * `textStream`); `response()` may be asked at any time, any number of times. Read it to its end, or leave it by
 * `break`, `close()` or `await using`: one that is merely dropped ends only when it is garbage-collected.
 */
export interface ChatStream<C extends AnyToolCall = AnyToolCall, O = unknown>
  extends AsyncIterable<ChatEvent<C, O>>, AsyncDisposable {
  /** The text alone. It cannot say `reset`, so an attempt that breaks after output is an error here by default. */
  readonly textStream: AsyncIterable<string>
  /** The whole answer. Runs the call when nobody reads it; rejects with what ended it, `cancelled` when it was left. */
  response(): Promise<ChatResponse<C, O>>
  /** Idempotent; resolves when the socket is closed and the budget settled. The same as `Symbol.asyncDispose`. */
  close(): Promise<void>
}
