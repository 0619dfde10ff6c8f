export type FailureTrigger = 'error' | 'rate_limit' | 'timeout' | 'overloaded' | 'context_length' | 'content_filter'

type Triggers<T> = T | readonly [T, ...T[]]

interface SwitchProvider {
  readonly action: 'switch_provider'
  readonly provider: string
  /** Default: that provider's `defaultModel`; without one the rule is a `config` error when it is set. */
  readonly model?: string | undefined
}
interface SwitchModel {
  readonly action: 'switch_model'
  /** At the provider that the call began with. */
  readonly model: string
}
interface WaitAndRetry {
  readonly action: 'wait_and_retry'
  /** Replaces the default of 2. */
  readonly maxRetries?: number | undefined
  readonly backoff?: 'exponential' | 'constant' | undefined
}

/**
 * What to do when something fails. A trigger that names a failure beats `error`, which covers every failure that another
 * target may help with and that no rule names. Money is never waited for.
 */
export type FallbackRule =
  | ({ readonly trigger: Triggers<FailureTrigger> } & (SwitchProvider | SwitchModel))
  | ({ readonly trigger: Triggers<'error' | 'rate_limit' | 'timeout' | 'overloaded'> } & WaitAndRetry)
  /** Billing errors; with `threshold` (USD) also a balance that fell below it. */
  | ({ readonly trigger: 'low_funds'; readonly threshold?: number | undefined } & (SwitchProvider | SwitchModel))
  | ({ readonly trigger: 'cost_limit'; readonly limit: 'soft' | 'hard' } & (SwitchProvider | SwitchModel))

/** Rules in order. A bare `provider/model` reference means: go there on every failure that another target may help with. */
export type Fallbacks = readonly (FallbackRule | string)[]
