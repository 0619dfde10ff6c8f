import type { CallDefaults, FinishReason, LLMErrorKind } from '@wayfare/core'
import type { CostTrackerOptions, LimitSettings } from '@wayfare/cost'

/** Everything that happens in a run, as data: it can be printed, replayed and made smaller. */
export interface Scene {
  /** Of the scheduler, of jitter and of ids. */
  readonly seed: number
  readonly startsAt: string
  readonly providers: readonly ProviderSpec[]
  readonly store: StoreSpec
  readonly costs: Pick<CostTrackerOptions, 'onBudget' | 'allowUnpriced' | 'maxOutputTokens'> & {
    readonly limits: LimitSettings
  }
  readonly calls: readonly CallSpec[]
  readonly world: readonly WorldEvent[]
}

export interface ProviderSpec {
  readonly name: string
  readonly vendor?: string
  readonly prefill?: boolean
  readonly stopsOnAbort?: boolean
  readonly tools?: boolean
  /** Reports more than was asked for. */
  readonly overbills?: boolean
  /** Does not hear an abort while it waits. */
  readonly deaf?: boolean
  readonly balance?: { readonly usd: number; readonly afterMs: number } | 'throws' | 'never'
  /** One for each request, in order; the last one serves all that follow. */
  readonly scripts: readonly (readonly Act[])[]
}

/** One thing that a provider does when it is pulled. */
export type Act =
  | { readonly do: 'text' | 'think' | 'text_part'; readonly chars: number }
  /** The events of one network read. */
  | { readonly do: 'read'; readonly acts: readonly Act[] }
  | { readonly do: 'start'; readonly served?: string }
  | { readonly do: 'tool'; readonly name: 'look' | 'nobody'; readonly broken?: boolean }
  | { readonly do: 'tool_delta' | 'file' | 'side_effect' }
  /** `share` of the input that the request may be billed for. */
  | { readonly do: 'usage'; readonly share: number; readonly costToo?: boolean }
  | { readonly do: 'wait' | 'block'; readonly ms: number }
  | { readonly do: 'keep_alive'; readonly ms: number; readonly times: number }
  | { readonly do: 'stall' }
  | { readonly do: 'throw'; readonly kind: LLMErrorKind | 'TypeError'; readonly facts?: Facts }
  | { readonly do: 'finish'; readonly reason: FinishReason }

export interface Facts {
  readonly retryAfterMs?: number
  readonly billed?: 'no' | 'yes' | 'unknown'
  readonly status?: number
}

export interface StoreSpec {
  /** By the number of the operation: it fails before, or after it took effect. */
  readonly faults: readonly { readonly from: number; readonly count: number; readonly how: 'before' | 'after' }[]
  /** One for each operation, over and over. */
  readonly delaysMs: readonly number[]
}

export interface CallSpec {
  readonly at: number
  readonly reader: 'events' | 'text' | 'complete' | 'response' | 'nobody'
  /** The reader comes so late. */
  readonly comesAfterMs?: number
  /** Between two items, in turn. */
  readonly pausesMs?: readonly number[]
  /** How many calls of `next()` are under way at once. */
  readonly width?: number
  readonly leave?: { readonly after: number; readonly by: 'break' | 'throw' | 'abort' | 'close' | 'abandon' }
  /** When `response()` is asked: before the reader, or after so many items. */
  readonly responses?: readonly number[]
  readonly timed?: readonly { readonly atMs: number; readonly by: 'abort' | 'close' | 'response' }[]
  readonly abortedBefore?: boolean
  readonly tools?: boolean
  readonly output?: boolean
  readonly options: Pick<
    CallDefaults,
    | 'model'
    | 'session'
    | 'agent'
    | 'tags'
    | 'maxOutputTokens'
    | 'timeout'
    | 'fallbacks'
    | 'onInterrupt'
    | 'stream'
    | 'reasoning'
    | 'alternatives'
    | 'order'
    | 'affinity'
    | 'hedge'
  >
}

export interface WorldEvent {
  readonly at: number
  readonly do: 'block' | 'wall'
  readonly ms: number
}
