import type { FallbackRule, Fallbacks, FailureTrigger } from './contract/fallbacks.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import type { LLMErrorKind } from './error.ts'
import { checkValue, oneOf, type Check } from './check-value.ts'
import { LLMError } from './error.ts'
import { isObject } from './is-object.ts'
import { didYouMean } from './nearest.ts'
import { checkNames } from './options.ts'
import { parseRef, providerNamed } from './reference.ts'
import { none } from './short-list.ts'

export type Trigger = FailureTrigger | 'low_funds' | 'soft_limit' | 'hard_limit'

export type Rule = SwitchRule | WaitRule

/** Go elsewhere. `provider` absent: stay with the provider that the call began with. */
export interface SwitchRule {
  readonly action: 'switch'
  /** `any`: a bare reference, which covers every failure that another target may help with. */
  readonly triggers: ReadonlySet<Trigger> | 'any'
  readonly provider?: string
  readonly model: string
  /** USD of balance below which `low_funds` holds before anything failed. */
  readonly threshold?: number
  /** The rule in words, for plans. */
  readonly because: string
}

export interface WaitRule {
  readonly action: 'wait'
  readonly triggers: ReadonlySet<Trigger>
  readonly maxRetries: number
  readonly backoff: 'exponential' | 'constant'
}

// Per registry: a list that one router takes may lead nowhere in another.
const compiled = new WeakMap<ReadonlyMap<string, Provider>, WeakMap<Fallbacks, readonly Rule[]>>()

/** Checks rules against the registered providers; throws `config`. Compiled once per list. */
export function compileRules(
  fallbacks: Fallbacks | undefined,
  providers: ReadonlyMap<string, Provider>,
): readonly Rule[] {
  if (fallbacks === undefined) return none
  if (!Array.isArray(fallbacks)) throw new LLMError('config', 'fallbacks must be a list of rules and references')
  let own = compiled.get(providers)
  if (own === undefined) compiled.set(providers, (own = new WeakMap()))
  let rules = own.get(fallbacks)
  if (rules === undefined) {
    rules = fallbacks.map((rule, index) => compile(rule, index, providers))
    own.set(fallbacks, rules)
  }
  return rules
}

/** The rule that says how to wait for this failure; the one that names it beats `error`. */
export function waitRuleFor(rules: readonly Rule[], error: LLMError): WaitRule | undefined {
  if (!error.retryable) return undefined
  const trigger = triggerOf(error.kind)
  const waits = rules.filter((rule) => rule.action === 'wait')
  const named = waits.find((rule) => trigger !== 'error' && rule.triggers.has(trigger))
  if (named !== undefined || isNamed(rules, trigger)) return named
  return waits.find((rule) => rule.triggers.has('error'))
}

/** The rules that lead elsewhere after this failure, in their order. A closed circuit also has those for what closed it. */
export function switchRulesFor(rules: readonly Rule[], error: LLMError): readonly SwitchRule[] {
  if (!mayPassElsewhere(error)) return []
  const { kind, code } = error
  const trigger = triggerOf(kind)
  const behind = kind === 'circuit_open' ? triggerOf(code as LLMErrorKind) : trigger // the gate writes a kind there
  const byError = !uncovered.has(kind) && !isNamed(rules, trigger)
  return switches(rules, ({ triggers }) => covers(triggers, behind) || (byError && covers(triggers, 'error')))
}

/** Whether another target may help. */
export function mayPassElsewhere(error: LLMError): boolean {
  return !hopeless.has(error.kind) || isLocal(error)
}

/** The rules that lead elsewhere whatever fails, or nearly so. */
export function generalRules(rules: readonly Rule[]): readonly SwitchRule[] {
  return switches(rules, ({ triggers }) => covers(triggers, 'error'))
}

/** The rules that lead elsewhere before anything was sent. */
export function softLimitRules(rules: readonly Rule[]): readonly SwitchRule[] {
  return switches(rules, ({ triggers }) => triggers !== 'any' && triggers.has('soft_limit'))
}

export function thresholdRules(rules: readonly Rule[]): readonly SwitchRule[] {
  return switches(rules, ({ threshold }) => threshold !== undefined)
}

function switches(rules: readonly Rule[], fits: (rule: SwitchRule) => boolean): readonly SwitchRule[] {
  if (rules.length === 0) return none
  return rules.filter((rule): rule is SwitchRule => rule.action === 'switch' && fits(rule))
}

function covers(triggers: SwitchRule['triggers'], trigger: Trigger): boolean {
  return triggers === 'any' || triggers.has(trigger)
}

export function targetOf(rule: SwitchRule, primary: ModelTarget): ModelTarget {
  return { provider: rule.provider ?? primary.provider, model: rule.model }
}

/** Failures for which no other target can help. */
const hopeless: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>([
  'deadline',
  'bad_request',
  'cancelled',
  'store',
  'config',
  'invalid_output',
])

/** Failures that `error` does not cover although another target may help: the input's own faults, the user's own limits. */
const uncovered: ReadonlySet<LLMErrorKind> = new Set<LLMErrorKind>(['context_length', 'content_filter', 'budget'])

/**
 * Refused by a server whose address is wrong, or with a status that says nothing of the request: it may be right elsewhere. A
 * `config` without a status was found here, before anything was sent, and is the programmer's to hear of.
 */
function isLocal({ kind, status }: LLMError): boolean {
  if (status === undefined) return false
  return kind === 'config' || (kind === 'bad_request' && status !== 400 && status !== 422)
}

/** Kinds that a rule can name. */
const kinds: readonly Trigger[] = ['rate_limit', 'timeout', 'overloaded', 'context_length', 'content_filter']

function triggerOf(kind: LLMErrorKind): Trigger {
  if (kind === 'billing') return 'low_funds'
  if (kind === 'budget') return 'hard_limit'
  return kinds.find((named) => named === kind) ?? 'error'
}

function isNamed(rules: readonly Rule[], trigger: Trigger): boolean {
  return trigger !== 'error' && rules.some((rule) => rule.triggers !== 'any' && rule.triggers.has(trigger))
}

const actions = oneOf(['switch_provider', 'switch_model', 'wait_and_retry'])
const backoffs = oneOf(['exponential', 'constant'])
const limits = oneOf(['soft', 'hard'])
const retries: Check = {
  fits: (value) => Number.isInteger(value) && (value as number) >= 0, // an integer is a number
  want: 'a whole number, 0 or more',
}
const usd: Check = { fits: (value) => (value as number) >= 0, want: 'USD, 0 or more' } // nothing else is
const modelId: Check = { fits: (value) => typeof value === 'string' && value !== '', want: 'a model id' }

function compile(rule: FallbackRule | string, index: number, providers: ReadonlyMap<string, Provider>): Rule {
  const where = `fallbacks[${index}]`
  if (typeof rule === 'string') {
    const target = parseRef(rule)
    providerNamed(providers, target.provider)
    return { action: 'switch', triggers: 'any', ...target, because: 'fallback for every failure' }
  }
  if (!isObject(rule)) throw new LLMError('config', `${where} must be a rule or a "provider/model" reference`)
  checkValue(`${where}.action`, rule.action, actions)
  checkNames(rule, rule.action, where)
  const triggers = triggersOf(rule, where)
  const because = `on ${[...triggers].join(', ')}`
  switch (rule.action) {
    case 'wait_and_retry': {
      const { maxRetries = 2, backoff = 'exponential' } = rule
      checkValue(`${where}.maxRetries`, maxRetries, retries)
      checkValue(`${where}.backoff`, backoff, backoffs)
      if (triggers.has('low_funds') || triggers.has('soft_limit') || triggers.has('hard_limit'))
        throw new LLMError('config', `${where}: money is not waited for; switch to another model or provider`)
      return { action: 'wait', triggers, maxRetries, backoff }
    }
    case 'switch_model':
      checkValue(`${where}.model`, rule.model, modelId)
      return { action: 'switch', triggers, model: rule.model, because, ...threshold(rule, where) }
    case 'switch_provider': {
      const { defaultModel } = providerNamed(providers, rule.provider)
      const model = rule.model ?? defaultModel
      if (model === undefined) {
        throw new LLMError(
          'config',
          `${where} names no model and the provider "${rule.provider}" has no default; add model`,
        )
      }
      return { action: 'switch', triggers, provider: rule.provider, model, because, ...threshold(rule, where) }
    }
  }
}

function threshold(rule: FallbackRule, where: string): { threshold?: number } {
  if (rule.trigger !== 'low_funds' || rule.threshold === undefined) return {}
  checkValue(`${where}.threshold`, rule.threshold, usd)
  return { threshold: rule.threshold }
}

const known: readonly string[] = ['error', ...kinds, 'low_funds', 'cost_limit']

function triggersOf(rule: FallbackRule, where: string): ReadonlySet<Trigger> {
  const given: readonly string[] = typeof rule.trigger === 'string' ? [rule.trigger] : (rule.trigger ?? [])
  if (given.length === 0)
    throw new LLMError('config', `${where}.trigger is empty; name at least one of ${known.join(', ')}`)
  for (const trigger of given) {
    if (known.includes(trigger)) continue
    throw new LLMError('config', `${where}.trigger "${trigger}" is unknown${didYouMean(trigger, known)}`)
  }
  if (typeof rule.trigger !== 'string' && (given.includes('low_funds') || given.includes('cost_limit')))
    throw new LLMError('config', `${where}.trigger: low_funds and cost_limit stand alone; write a rule for each`)
  if (rule.trigger !== 'cost_limit') return new Set(given as readonly Trigger[])
  checkValue(`${where}.limit`, rule.limit, limits)
  return new Set<Trigger>([rule.limit === 'soft' ? 'soft_limit' : 'hard_limit'])
}
