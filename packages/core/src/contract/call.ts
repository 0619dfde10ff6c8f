import type { Fallbacks } from './fallbacks.ts'
import type { Message, TextPart } from './message.ts'
import type { ModelRef } from './model.ts'
import type { ChatEvent, OutputOf } from './response.ts'
import type { Schema } from './schema.ts'
import type { ToolCallOf, ToolSet } from './tool.ts'

/**
 * Why the answer ended. `stop`: it is complete, or a stop sequence was met. `length`: an output limit cut it. `tool_calls`: it
 * holds calls, valid or not, which want results. `content_filter`: a filter cut it. `refusal`: the model declines. `pause`: the
 * vendor paused a long turn; push the message and call again. `other`: see `rawFinishReason`.
 */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'refusal' | 'pause' | 'other'

/** Something that was adapted or dropped while the answer is still right. */
export interface Warning {
  /** For programs: `sampling_dropped`, `reasoning_dropped` ... */
  readonly code: string
  /** For people. */
  readonly message: string
}

/** `auto`: the model may call tools. `none`: it may not. `required`: it must call one. `{ tool }`: it must call this one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly tool: string }

export interface Sampling {
  /** Reasoning included. */
  readonly maxOutputTokens?: number | undefined
  /** 0 or more; the vendor's range and default. Left out, with a warning, where a model refuses it; so are `topP` and `seed`. */
  readonly temperature?: number | undefined
  /** From 0 to 1. */
  readonly topP?: number | undefined
  readonly seed?: number | undefined
  /** The answer ends before any of these texts. */
  readonly stop?: readonly string[] | undefined
  /** Effort on one scale, rounded (with a warning) to what the model has; or a budget in tokens. */
  readonly reasoning?:
    | 'none'
    | 'minimal'
    | 'low'
    | 'medium'
    | 'high'
    | 'xhigh'
    | 'max'
    | { readonly maxTokens: number }
    | undefined
}

/** Milliseconds. The first three bytes-level timers run in the transport, the others in the router. */
export interface Timeouts {
  /** The whole call, retries and waits included. Default: 30 minutes for a stream on the wire, 10 for one JSON body. */
  readonly totalMs?: number | undefined
  /** One attempt. Default: what is left of the total. */
  readonly attemptMs?: number | undefined
  /** Default 10,000. */
  readonly connectMs?: number | undefined
  /** Request sent to first response byte. Default 120,000 for a stream, 600,000 for one JSON body. */
  readonly firstByteMs?: number | undefined
  /** Attempt start to first content. Default: off. */
  readonly firstChunkMs?: number | undefined
  /** Between two reads, of any bytes. Default 120,000. */
  readonly idleMs?: number | undefined
  /** Between two pieces of content or usage; keep-alives do not count. Default 300,000. */
  readonly progressMs?: number | undefined
}

/**
 * Which target of a group goes first. `listed`: as they are written. `cheapest`: by the most that the call can cost, where output
 * has a limit, otherwise by the least; unknown prices last. `fastest`: by the time to the first output, a moving average over
 * the last ten minutes; unmeasured ones first. `weights`: drawn anew for every call, by weights keyed by `provider/model`:
 * 1 where none is given, 0 is never first.
 */
export type TargetOrder =
  | 'listed'
  | 'cheapest'
  | 'fastest'
  | { readonly weights: { readonly [target: string]: number } }

/** Options that only one vendor knows. Provider packages type their own key by declaration merging. */
export interface ProviderOptions {
  readonly [vendor: string]: { readonly [key: string]: unknown } | undefined
}

/** What may be set on the router, with `with()`, or per call. A later value replaces an earlier one key by key, never deep. */
export interface CallDefaults extends Sampling {
  /** `provider/id`, split at the first slash: an id may hold more of them. */
  readonly model?: ModelRef | undefined
  /**
   * Targets as good as `model`, with which they form a group. Its first is where the call begins; the others are tried, each
   * once, for every failure that another target may help with, at once and before `fallbacks`. They belong to the model beside
   * which they stand: a call with a model of its own has none of the defaults'. Default: none.
   */
  readonly alternatives?: readonly ModelRef[] | undefined
  /** Of `model` and its alternatives. Default `listed`. */
  readonly order?: TargetOrder | undefined
  /**
   * A `session` begins where a target of the group last answered it, if that was at most `ttlMs` milliseconds ago: its prompt
   * cache is warm there. Default: off.
   */
  readonly affinity?: { readonly ttlMs: number } | undefined
  /**
   * When an attempt has brought nothing after `afterMs` milliseconds, a second one starts at the next target (of the group, of
   * bare references, of `error` rules); whichever answers first goes on, the other is cancelled, and both are billed. Once per
   * call, before anything was shown, and if the budget has room for both. `Infinity` is never. Default: off.
   */
  readonly hedge?: { readonly afterMs: number } | undefined
  /** Put before the messages. */
  readonly system?: string | readonly TextPart[] | undefined
  /** Whose spending this is. Without it only the other scopes count. */
  readonly session?: string | undefined
  /** Default: the part of the session before its first colon, if it has one. */
  readonly agent?: string | undefined
  /** Further scopes of limits and of the bill, such as `{ team: 'red' }`; 100 at most. */
  readonly tags?: { readonly [tag: string]: string } | undefined
  /** A function is asked at every call. A list that changes breaks prompt caches. */
  readonly tools?: ToolSet | (() => ToolSet) | undefined
  /** Default: `auto`. */
  readonly toolChoice?: ToolChoice | undefined
  /** Milliseconds; a number is `totalMs`. */
  readonly timeout?: number | Timeouts | undefined
  /** Ends the call with `cancelled`, and closes its connection. */
  readonly signal?: AbortSignal | undefined
  /** What to do when a target fails, in order; a bare `provider/id` is gone to on every failure. Default: only retries. */
  readonly fallbacks?: Fallbacks | undefined
  /** What follows when an attempt breaks after output. Default: `reset` for events, `fail` for `textStream`. */
  readonly onInterrupt?: 'reset' | 'fail' | 'continue' | undefined
  /**
   * What becomes of an attempt under way when its call is cancelled or left. `cancel` closes its connection. `drain` reads on
   * in the background, for 30 seconds and 8 Mi characters at most, so that it is billed by what the vendor reports, not by an
   * estimate or (under a hard limit) by the most that it may cost. The caller is told at once; what it cost is then unknown,
   * and comes with the `attempt` event. Default `cancel`.
   */
  readonly onAbort?: 'cancel' | 'drain' | undefined
  /** Whether to stream on the wire. Default true, for `complete()` too: partial usage is then known. */
  readonly stream?: boolean | undefined
  /** By vendor: `{ acme: { mood: "calm" } }`. Each vendor is sent its own alone. */
  readonly providerOptions?: ProviderOptions | undefined
}

export interface ChatCall<T extends ToolSet = ToolSet, O = undefined> extends CallDefaults {
  /** A string is one user message. */
  readonly messages: string | readonly Message[]
  readonly tools?: T | (() => T) | undefined
  /** The schema that the answer must fit: `response.output` is then its value, and another answer is `invalid_output`. */
  readonly output?: Schema<O> | undefined
}

export interface CompleteCall<T extends ToolSet = ToolSet, O = undefined> extends ChatCall<T, O> {
  /**
   * Sees the events of `stream()`, in order, synchronously. What it throws cancels the call and is what `complete()` rejects
   * with. A promise that it returns is not waited for; one that rejects cancels the call at its next event.
   */
  readonly onEvent?: ((event: ChatEvent<ToolCallOf<T>, OutputOf<T, O>>) => void) | undefined
}
