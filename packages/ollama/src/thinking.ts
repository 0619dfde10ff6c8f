import type { Sampling, Warning } from '@wayfare/core'

type ThinkLevel = 'low' | 'medium' | 'high'

/** Models that take a level, and cannot be told not to think; the others only know yes and no. */
const levelled = /(?:^|\/)gpt-oss/

const levels: Readonly<Record<Extract<Sampling['reasoning'], string>, ThinkLevel>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
}

/** `think` for the wish, with a warning when the model cannot be told so exactly. */
export function chooseThinking(
  reasoning: Sampling['reasoning'],
  model: string,
): { readonly think?: boolean | ThinkLevel; readonly warnings: readonly Warning[] } {
  if (reasoning === undefined) return { warnings: [] }
  if (levelled.test(model)) {
    const level = typeof reasoning === 'object' ? levelOf(reasoning.maxTokens) : levels[reasoning]
    return { think: level, warnings: level === reasoning ? [] : [rounded(`level "${level}"`)] }
  }
  return { think: reasoning !== 'none', warnings: typeof reasoning === 'object' ? [rounded('plain thinking')] : [] }
}

function levelOf(tokens: number): ThinkLevel {
  return tokens < 8_192 ? 'low' : tokens < 16_384 ? 'medium' : 'high'
}

function rounded(what: string): Warning {
  return { code: 'reasoning_rounded', message: `reasoning became ${what}, the nearest that this model has` }
}
