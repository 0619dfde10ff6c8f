import type { Sampling, Warning } from '@wayfare/core'
import type { Effort, Family, ReasoningLevel } from './families.ts'

/** How much the model shall think, in the vendor's terms. */
export interface ThinkingChoice {
  readonly thinking?: Readonly<Record<string, unknown>>
  readonly effort?: Effort
  /** Whether the model will think: sampling and forced tools are then refused. */
  readonly on: boolean
  readonly warnings: readonly Warning[]
}

export interface ThinkingWish {
  readonly reasoning: Sampling['reasoning']
  readonly maxTokens: number
  /** Whether the call forces a tool, which excludes thinking. */
  readonly forced: boolean
  /** Whether the calls that the request answers were made without thinking, such as by another vendor's model. */
  readonly unthought: boolean
  /** `providerOptions.anthropic.thinking` */
  readonly extra: Readonly<Record<string, unknown>> | undefined
}

const scale: readonly ReasoningLevel[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Tokens that a level stands for on models that take a budget, and the other way round. */
const budgets: Readonly<Record<Exclude<ReasoningLevel, 'none'>, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 63_000,
}
const leastBudget = 1_024

/** The wish in the terms of the family, with a warning for whatever had to be rounded or dropped. */
export function chooseThinking(wish: ThinkingWish, family: Family): ThinkingChoice {
  if (typeof wish.extra?.['type'] === 'string')
    return { thinking: wish.extra, on: wish.extra['type'] !== 'disabled', warnings: [] }
  const choice = wish.forced ? withoutThinking(wish, family) : levelled(wish, family)
  if (wish.extra === undefined || choice.thinking?.['type'] === 'disabled') return choice
  const none = family.thinking.efforts.length > 0 && !wish.forced ? { type: 'adaptive' } : undefined
  const thinking = choice.thinking ?? none
  return thinking === undefined ? choice : { ...choice, thinking: { ...thinking, ...wish.extra }, on: true }
}

function withoutThinking(wish: ThinkingWish, family: Family): ThinkingChoice {
  const asked = wish.reasoning !== undefined && wish.reasoning !== 'none'
  const warnings = asked ? [dropped('a forced tool and thinking exclude each other at this vendor')] : []
  return { ...(family.thinking.byDefault ? off(family) : { on: false }), warnings }
}

function levelled(wish: ThinkingWish, family: Family): ThinkingChoice {
  const { reasoning } = wish
  const { efforts, budget, disable } = family.thinking
  if (reasoning === undefined) return { on: family.thinking.byDefault, warnings: [] }
  if (reasoning === 'none' && (disable || !family.thinking.byDefault)) return off(family)
  if (efforts.length === 0 && !budget) return { on: false, warnings: [dropped('this model does not think')] }
  if (typeof reasoning === 'object' ? budget : efforts.length === 0) return budgeted(reasoning, wish)
  return adaptive(reasoning, efforts)
}

function off(family: Family): ThinkingChoice {
  const thinking = family.thinking.disable ? { thinking: { type: 'disabled' } } : {}
  return { ...thinking, on: false, warnings: [] }
}

function budgeted(
  reasoning: NonNullable<Sampling['reasoning']>,
  { maxTokens, unthought }: ThinkingWish,
): ThinkingChoice {
  // The API wants the turn that is answered to begin with a thought then.
  if (unthought)
    return { on: false, warnings: [dropped('the tool calls that are answered were made without thinking')] }
  const asked = typeof reasoning === 'object' ? reasoning.maxTokens : budgetOf(reasoning)
  if (maxTokens <= leastBudget)
    return { on: false, warnings: [dropped(`maxOutputTokens leaves no room for ${leastBudget} tokens of thought`)] }
  const tokens = Math.min(Math.max(asked, leastBudget), maxTokens - 1)
  const warnings = tokens === asked ? [] : [rounded(`${asked} tokens of thought became ${tokens}`)]
  return { thinking: { type: 'enabled', budget_tokens: tokens }, on: true, warnings }
}

function adaptive(reasoning: NonNullable<Sampling['reasoning']>, efforts: readonly Effort[]): ThinkingChoice {
  const asked = typeof reasoning === 'object' ? levelOf(reasoning.maxTokens) : reasoning
  const effort = nearest(asked, efforts)
  const exact = effort === reasoning
  const wish = typeof reasoning === 'object' ? `a budget of ${reasoning.maxTokens} tokens` : `"${reasoning}"`
  const warnings = exact ? [] : [rounded(`${wish} became effort "${effort}", the nearest that this model has`)]
  return { thinking: { type: 'adaptive' }, effort, on: true, warnings }
}

/** The dearest level that is not above the one asked, else the least. */
function nearest(asked: ReasoningLevel, efforts: readonly Effort[]): Effort {
  const within = efforts.filter((effort) => scale.indexOf(effort) <= scale.indexOf(asked))
  return within.at(-1) ?? efforts[0] ?? 'low'
}

function levelOf(tokens: number): ReasoningLevel {
  const within = scale.filter((level) => level !== 'none' && budgetOf(level) <= tokens)
  return within.at(-1) ?? 'minimal'
}

function budgetOf(level: ReasoningLevel): number {
  return level === 'none' ? leastBudget : budgets[level]
}

function rounded(what: string): Warning {
  return { code: 'reasoning_rounded', message: what }
}

function dropped(why: string): Warning {
  return { code: 'reasoning_dropped', message: `reasoning was not asked for: ${why}` }
}
