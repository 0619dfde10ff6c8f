import type { Budget, SoftLimit } from './budget.ts'
import type { CallDefaults } from './call.ts'
import type { Clock } from './clock.ts'
import type { LLMError } from '../error.ts'
import type { ModelInfo, ModelRef, ModelTarget } from './model.ts'
import type { Pricing } from './pricing.ts'
import type { Provider } from './provider.ts'
import type { Attempt } from './response.ts'

export interface RouterOptions extends CallDefaults {
  /** What the factories of provider packages make: `[acme()]`. Their names are unique. */
  readonly providers: readonly Provider[]
  /** The model of calls that name none: `provider/id`. */
  readonly model: ModelRef
  /** Who knows what calls cost. */
  readonly pricing?: Pricing | undefined
  /** Who holds limits. */
  readonly budget?: Budget | undefined
  /** Default: the system's. */
  readonly clock?: Clock | undefined
  /** Uniform in [0, 1); default `Math.random`. Given one, attempt ids come from it too. */
  readonly random?: (() => number) | undefined
}

export type HealthResult =
  | { readonly ok: true; readonly ms: number }
  | { readonly ok: false; readonly ms: number; readonly error: LLMError }

export interface Models {
  /** Every provider side by side; those that failed are in `errors`. */
  list(options?: ModelsQuery): Promise<{ readonly models: readonly ModelInfo[]; readonly errors: readonly LLMError[] }>
  /** `provider/id` of every model, sorted, without repeats. */
  names(): Promise<readonly string[]>
}

export interface ModelsQuery {
  readonly provider?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** What `router.on(name, listener)` tells, beside the events of each call. */
export interface RouterEvents {
  /** One line of the bill, when it is settled: for logs and metrics. */
  readonly attempt: Attempt
  /** The same target will be asked again. */
  readonly retry: { readonly target: ModelTarget; readonly waitMs: number; readonly error: LLMError }
  /** A soft limit was passed: once in its window. */
  readonly soft_limit: SoftLimit
  /** An attempt cost more than was set aside for it. */
  readonly budget_overrun: { readonly attemptId: string; readonly reservedUsd: number; readonly costUsd: number }
  /** Figures that cannot be right, or a cost far from the listed price. */
  readonly usage_anomaly: { readonly target: ModelTarget; readonly problem: string }
  /** Nobody has looked at the price for this many days. */
  readonly price_stale: { readonly model: string; readonly ageDays: number }
  /** A model (`provider/id`) or a key (`provider`) is left alone, tried once, or open to calls again. */
  readonly breaker: { readonly key: string; readonly state: 'open' | 'half_open' | 'closed' }
}
