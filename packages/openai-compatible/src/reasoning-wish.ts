import type { Sampling } from '@wayfare/core'
import type { Adapted } from './dialect.ts'
import { roundEffort } from './effort.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']

/** Gateways take both efforts and budgets, in one field, and translate them for the model. */
export function reasoningField(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (typeof wish === 'object') return { body: { reasoning: { max_tokens: wish.maxTokens } } }
  const { effort, warnings } = roundEffort(wish, model, efforts)
  return { body: { reasoning: { effort } }, warnings }
}
