import type { ModelTarget } from './model.ts'
import type { ProviderRequest } from './provider.ts'
import type { PricingSource, Usage, UsageSource } from './usage.ts'

export type MaybePromise<T> = T | Promise<T>

/** Calendar windows, in the time zone of the tracker. */
export type Window = 'total' | 'day' | 'week' | 'month'

/** Whose spending is meant. The id of a model is `provider/id`. */
export type Scope =
  | { readonly kind: 'global' }
  | { readonly kind: 'agent' | 'session' | 'provider' | 'model'; readonly id: string }
  | { readonly kind: 'tag'; readonly tag: string; readonly id: string }

/**
 * The port that holds limits; `@wayfare/cost` implements it. The router awaits every method, and every method is idempotent
 * by attempt id. A refusal is a value; a throw means that the store is down.
 */
export interface Budget {
  /** Sets the worst case of one attempt aside, in every scope or in none. */
  reserve(request: ReserveRequest): MaybePromise<ReserveResult>
  /**
   * Awaited immediately before the provider is pulled: from here on money may be spent. Throws as well when the reservation is
   * no more: nothing is sent then.
   */
  dispatch(attemptId: string): MaybePromise<void>
  /** Posts what the attempt cost; zero for a failure that is not billed. */
  settle(attemptId: string, settlement: Settlement): MaybePromise<void>
  /** Frees a reservation that was never dispatched. */
  void(attemptId: string): MaybePromise<void>
  /** Tells the store now what it could not be told before; `Router.close()` awaits it. Resolves with how much is left. */
  flush?(): MaybePromise<number>
}

export interface ReserveRequest extends ModelTarget {
  readonly attemptId: string
  readonly vendor?: string
  readonly session?: string
  readonly agent?: string
  readonly tags?: { readonly [tag: string]: string }
  readonly request: ProviderRequest
  /** The provider says that this model costs nothing. */
  readonly free?: boolean
  /** How long the reservation lives without a word, in milliseconds. */
  readonly leaseMs: number
  /** How long `reserve` may wait for room. */
  readonly signal: AbortSignal
}

export type ReserveResult =
  | {
      readonly ok: true
      readonly amountUsd: number
      /** The most that the request may now ask for: what still fits under a hard limit. */
      readonly maxOutputTokens?: number
      /** The soft limits that this call is beyond. */
      readonly soft?: readonly SoftLimit[]
    }
  | {
      readonly ok: false
      readonly scope: Scope
      readonly limitUsd: number
      readonly reason: BudgetReason
      /** Unix milliseconds. */
      readonly resetsAt?: number
    }

export interface SoftLimit {
  readonly scope: Scope
  readonly limitUsd: number
  readonly spentUsd: number
  /** The first call beyond it in this window: the one that raises the event. */
  readonly first?: true
}

export interface Settlement {
  readonly costUsd?: number
  readonly pricingSource: PricingSource
  readonly usage: Usage
  readonly usageSource: UsageSource
  /** Whether the attempt produced the answer (counted as a message). */
  readonly message: boolean
  /** By how much it exceeds what was reserved; absent when it does not. */
  readonly overrunUsd?: number
  /** What was wrong with the reported figures, in words; absent when nothing was. */
  readonly problems?: readonly string[]
}

/**
 * Why a limit refuses. `exhausted`: it is spent. `in_flight`: calls under way hold what is left, so that waiting helps.
 * `too_large`: the request may cost more than the whole limit. `unpriced`: nobody knows what it may cost.
 */
export type BudgetReason = 'exhausted' | 'in_flight' | 'too_large' | 'unpriced'
