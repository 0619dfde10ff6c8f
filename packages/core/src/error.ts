import type { BudgetReason, Scope } from './contract/budget.ts'
import type { JSONValue } from './contract/json.ts'
import type { AssistantMessage } from './contract/message.ts'
import type { Attempt } from './contract/response.ts'

/**
 * What went wrong.
 * - The account: `auth` (the key is refused), `permission`, `billing` (no money is left; never waited on), `region_blocked`.
 * - The load: `rate_limit`, `overloaded`, `server`.
 * - Time: `timeout` (of one attempt), `deadline` (of the whole call).
 * - The connection: `network`, `stream_truncated` (it ended before the protocol's end), `protocol` (an answer that is none),
 *   `response_too_large`, `redirect` (never followed).
 * - The request: `bad_request`, `request_too_large`, `context_length`, `content_filter`, `model_not_found`, `conflict`, and
 *   `unsupported`, which is told before anything is sent.
 * - This process: `cancelled`, `budget` (a `BudgetError`), `circuit_open` (all targets are left alone after failures), `store`
 *   (the ledger does not answer), `config` (a mistake in options or messages), `invalid_output` (it does not fit `output`).
 */
export type LLMErrorKind =
  | 'auth'
  | 'permission'
  | 'billing'
  | 'region_blocked'
  | 'rate_limit'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'deadline'
  | 'network'
  | 'stream_truncated'
  | 'protocol'
  | 'response_too_large'
  | 'redirect'
  | 'bad_request'
  | 'request_too_large'
  | 'context_length'
  | 'content_filter'
  | 'model_not_found'
  | 'unsupported'
  | 'conflict'
  | 'cancelled'
  | 'budget'
  | 'circuit_open'
  | 'store'
  | 'config'
  | 'invalid_output'

export type LLMErrorPhase = 'connect' | 'headers' | 'request' | 'idle' | 'progress' | 'server' | 'input' | 'output'

export interface LLMErrorFacts {
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly status?: number | undefined
  /** The vendor's or the system's own code. */
  readonly code?: string | undefined
  readonly requestId?: string | undefined
  /** Default: whether failures of this kind usually pass. */
  readonly retryable?: boolean | undefined
  readonly retryAfterMs?: number | undefined
  readonly phase?: LLMErrorPhase | undefined
  readonly billed?: 'no' | 'yes' | 'unknown' | undefined
  readonly cause?: unknown
  /** The vendor's own text, already redacted; kept out of `message`. */
  readonly providerMessage?: string | undefined
  readonly partial?: PartialAnswer | undefined
  readonly attempts?: readonly Attempt[] | undefined
  readonly costUsd?: number | undefined
  readonly sideEffects?: true | undefined
}

/** What had arrived when a call failed: never an answer. */
export interface PartialAnswer {
  readonly text: string
  readonly message: AssistantMessage
}

/** Facts that are shown wherever an error is. */
const shown = [
  'provider',
  'model',
  'status',
  'code',
  'requestId',
  'retryAfterMs',
  'phase',
  'costUsd',
  'sideEffects',
] as const

const passing: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>([
  'network',
  'timeout',
  'server',
  'overloaded',
  'conflict',
  'stream_truncated',
  'rate_limit',
  'protocol',
])

/** Kinds that can strike after the vendor has begun to work. */
const maybeBilled: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>([
  'network',
  'timeout',
  'deadline',
  'stream_truncated',
  'protocol',
  'cancelled',
  'invalid_output',
])

function billedBy(kind: LLMErrorKind): 'no' | 'yes' | 'unknown' {
  // Too much came: so the vendor did work.
  if (kind === 'response_too_large') return 'yes'
  return maybeBilled.has(kind) ? 'unknown' : 'no'
}

/** Every failure of Wayfare. Neither keys nor prompts occur in it, however it is printed. */
export class LLMError extends Error {
  /** What went wrong: the field to branch on. */
  readonly kind: LLMErrorKind
  // Declared, not defined: see the constructor.
  declare readonly provider?: string
  declare readonly model?: string
  declare readonly status?: number
  declare readonly code?: string
  declare readonly requestId?: string
  /** Whether the same request may succeed a little later. */
  readonly retryable: boolean
  /** The least time to wait, as the server asked. */
  declare readonly retryAfterMs?: number
  declare readonly phase?: LLMErrorPhase
  /** Whether the vendor bills for the failed request. */
  readonly billed: 'no' | 'yes' | 'unknown'
  declare readonly partial?: PartialAnswer
  /** Every attempt of the call, the failed ones included. */
  readonly attempts: readonly Attempt[]
  /** USD posted for the call; absent when an attempt could not be priced. */
  declare readonly costUsd?: number
  /** A tool had run at the vendor's: to send the request again may run it again, which the router never does by itself. */
  declare readonly sideEffects?: true
  /** The vendor's own words, without keys; they may quote the prompt, so that they stand in no message and in no JSON. */
  declare readonly details: { readonly providerMessage?: string }
  /** The brand that `is` looks for: copies of this package recognise each other's errors. */
  declare readonly isLLMError: true

  constructor(kind: LLMErrorKind, message: string, facts: LLMErrorFacts = {}) {
    super(message)
    this.kind = kind
    this.retryable = facts.retryable ?? passing.has(kind)
    this.billed = facts.billed ?? billedBy(kind)
    this.attempts = facts.attempts ?? []
    // One by one, so that a fact that is not known leaves no property behind.
    const own = this as { [name in (typeof shown)[number]]?: unknown } // readonly for everybody else
    for (const name of shown) if (facts[name] !== undefined) own[name] = facts[name]
    const { partial, cause, providerMessage } = facts
    const hidden = { partial, cause, details: providerMessage === undefined ? {} : { providerMessage } }
    // They hold what a log must not say. Accessors, because what Node prints of an error that nobody caught has the values of
    // properties that are merely not enumerable, too.
    for (const [name, value] of Object.entries(hidden)) {
      if (value !== undefined) Object.defineProperty(this, name, { get: () => value })
    }
  }

  /** Facts only: no partial answer, no cause, no vendor text. */
  toJSON(): { readonly [fact: string]: JSONValue } {
    const json: { [fact: string]: JSONValue } = {
      name: this.name,
      kind: this.kind,
      message: this.message,
      retryable: this.retryable,
      billed: this.billed,
    }
    for (const name of shown) {
      const value = this[name]
      if (value !== undefined) json[name] = value
    }
    json['attempts'] = this.attempts.map((attempt) => ({
      provider: attempt.provider,
      model: attempt.model,
      outcome: attempt.outcome === 'ok' ? 'ok' : attempt.kind,
      totalMs: attempt.totalMs,
    }))
    return json
  }

  /** True across copies of the package; use it instead of `instanceof`. */
  static is(value: unknown): value is LLMError {
    return typeof value === 'object' && value !== null && (value as { isLLMError?: unknown }).isLLMError === true
  }
}

export interface BudgetErrorFacts extends LLMErrorFacts {
  readonly scope: Scope
  readonly limitUsd: number
  readonly reason: BudgetReason
  readonly resetsAt?: Date | undefined
}

/** A hard limit refused the call; nothing was sent. */
export class BudgetError extends LLMError {
  override readonly kind = 'budget' as const
  /** Whose limit it is. */
  readonly scope: Scope
  readonly limit = 'hard' as const
  readonly limitUsd: number
  /** Whether waiting helps (`in_flight`), or a smaller request (`too_large`), or a price (`unpriced`). */
  readonly reason: BudgetReason
  /** When the window of the limit ends; absent for one that never does. */
  declare readonly resetsAt?: Date

  constructor(message: string, facts: BudgetErrorFacts) {
    super('budget', message, facts)
    this.scope = facts.scope
    this.limitUsd = facts.limitUsd
    this.reason = facts.reason
    if (facts.resetsAt !== undefined) this.resetsAt = facts.resetsAt
  }

  override toJSON(): { readonly [fact: string]: JSONValue } {
    return {
      ...super.toJSON(),
      scope: { ...this.scope },
      limitUsd: this.limitUsd,
      reason: this.reason,
      resetsAt: this.resetsAt?.toISOString() ?? null,
    }
  }

  static override is(value: unknown): value is BudgetError {
    return LLMError.is(value) && value.kind === 'budget'
  }
}

// On the prototypes, where no enumeration finds them. Not class members: a field is found, an accessor cannot take the place of
// a property of Error, and symbol keys cannot be declared under isolatedDeclarations.
Object.defineProperties(LLMError.prototype, {
  name: { value: 'LLMError', writable: true },
  isLLMError: { value: true },
  // What `console.log` shows: the whitelist of toJSON and the stack, never a cause.
  [Symbol.for('nodejs.util.inspect.custom')]: {
    value(this: LLMError) {
      return `${this.stack ?? this.message} ${JSON.stringify(this.toJSON())}`
    },
  },
})
Object.defineProperty(BudgetError.prototype, 'name', { value: 'BudgetError', writable: true })
