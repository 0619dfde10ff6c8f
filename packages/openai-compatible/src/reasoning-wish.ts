import type { Sampling } from '@wayfare/core'
import { roundEffort, type Adapted } from '@wayfare/openai-compatible'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']

/** OpenRouter takes both efforts and budgets, and translates them for the model. */
export function reasoningField(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (typeof wish === 'object') return { body: { reasoning: { max_tokens: wish.maxTokens } } }
  const { effort, warnings } = roundEffort(wish, model, efforts)
  return { body: { reasoning: { effort } }, warnings }
}
