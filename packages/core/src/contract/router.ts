import type { Budget, SoftLimit } from './budget.ts'
import type { CallDefaults } from './call.ts'
import type { Clock } from './clock.ts'
import type { LLMError } from '../error.ts'
import type { ModelInfo, ModelRef, ModelTarget } from './model.ts'
import type { Pricing } from './pricing.ts'
import type { Provider } from './provider.ts'
import type { Attempt } from './response.ts'

export interface RouterOptions extends CallDefaults {
  readonly providers: readonly Provider[]
  readonly model: ModelRef
  readonly pricing?: Pricing | undefined
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

export interface RouterEvents {
  readonly attempt: Attempt
  readonly retry: { readonly target: ModelTarget; readonly waitMs: number; readonly error: LLMError }
  readonly soft_limit: SoftLimit
  readonly budget_overrun: { readonly attemptId: string; readonly reservedUsd: number; readonly costUsd: number }
  readonly usage_anomaly: { readonly target: ModelTarget; readonly problem: string }
  readonly price_stale: { readonly model: string; readonly ageDays: number }
  readonly breaker: { readonly key: string; readonly state: 'open' | 'half_open' | 'closed' }
}
