import type { Sampling, Warning } from '@wayfare/core'
import type { Family, Thinking, ThinkingLevel } from './families.ts'

type Level = Exclude<Extract<Sampling['reasoning'], string>, 'none'>

export interface ThinkingChoice {
  readonly config?: Readonly<Record<string, unknown>>
  readonly warnings: readonly Warning[]
}

const scale: readonly Level[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Tokens that a level stands for on models that take a budget, and the other way round. */
const budgets: Readonly<Record<Level, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 8_192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_768,
}

/** `thinkingConfig` for the wish, in the terms of the family, with a warning for whatever had to be rounded or dropped. */
export function chooseThinking(reasoning: Sampling['reasoning'], { thinking }: Family): ThinkingChoice {
  if (reasoning === undefined) return { warnings: [] }
  switch (thinking.by) {
    case 'nothing':
      return { warnings: reasoning === 'none' ? [] : [dropped] }
    case 'level':
      return byLevel(reasoning, thinking.levels)
    case 'budget':
      return byBudget(reasoning, thinking)
  }
}

function byLevel(reasoning: NonNullable<Sampling['reasoning']>, levels: readonly ThinkingLevel[]): ThinkingChoice {
  const asked = typeof reasoning === 'object' ? levelOf(reasoning.maxTokens) : reasoning
  const place = asked === 'none' ? -1 : scale.indexOf(asked)
  const level = levels.filter((one) => scale.indexOf(one) <= place).at(-1) ?? levels[0] ?? 'low'
  const wish = typeof reasoning === 'object' ? `a budget of ${reasoning.maxTokens} tokens` : `"${reasoning}"`
  return {
    config: { thinkingLevel: level, ...(asked !== 'none' && { includeThoughts: true }) },
    warnings: level === reasoning ? [] : [rounded(`${wish} became level "${level}", the nearest that this model has`)],
  }
}

function byBudget(
  reasoning: NonNullable<Sampling['reasoning']>,
  { min, max, off }: Extract<Thinking, { by: 'budget' }>,
): ThinkingChoice {
  if (reasoning === 'none')
    return off
      ? { config: { thinkingBudget: 0 }, warnings: [] }
      : {
          config: { thinkingBudget: min },
          warnings: [rounded(`this model always thinks, with ${min} tokens at least`)],
        }
  const asked = typeof reasoning === 'object' ? reasoning.maxTokens : Math.min(budgets[reasoning], max)
  const tokens = Math.min(Math.max(asked, min), max)
  return {
    config: { thinkingBudget: tokens, includeThoughts: true },
    warnings: tokens === asked ? [] : [rounded(`${asked} tokens of thought became ${tokens}`)],
  }
}

function levelOf(tokens: number): Level {
  return scale.filter((level) => budgets[level] <= tokens).at(-1) ?? 'minimal'
}

function rounded(message: string): Warning {
  return { code: 'reasoning_rounded', message }
}

const dropped: Warning = {
  code: 'reasoning_dropped',
  message: 'reasoning was not asked for: this model does not think',
}
