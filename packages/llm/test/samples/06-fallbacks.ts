import { anthropic } from '@wayfare/anthropic'
import { type FallbackRule } from '@wayfare/core'
import { createLLM } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
createLLM({
  providers: [anthropic(), openai(), ollama()],
  model: { provider: 'anthropic', model: 'claude-sonnet-5-5' },
  fallbacks: [
    { trigger: 'rate_limit', action: 'wait_and_retry', maxRetries: 2, backoff: 'exponential' },
    { trigger: ['error', 'rate_limit'], action: 'switch_provider', provider: 'openai', model: 'gpt-6-mini' },
    { trigger: 'low_funds', threshold: 1, action: 'switch_provider', provider: 'ollama', model: 'qwen3:8b' },
    { trigger: 'cost_limit', limit: 'soft', action: 'switch_model', model: 'claude-haiku-5' },
    'ollama/qwen3:8b',
  ],
})
const bad: FallbackRule[] = [
  // @ts-expect-error never wait for money
  { trigger: 'low_funds', action: 'wait_and_retry' },
  // @ts-expect-error threshold belongs to low_funds
  { trigger: 'rate_limit', threshold: 1, action: 'switch_provider', provider: 'openai', model: 'x' },
  // @ts-expect-error limit is missing
  { trigger: 'cost_limit', action: 'switch_model', model: 'x' },
  // @ts-expect-error context does not shrink by waiting
  { trigger: 'context_length', action: 'wait_and_retry' },
  // @ts-expect-error no trigger
  { trigger: [], action: 'switch_model', model: 'x' },
  // @ts-expect-error retries belong to wait_and_retry
  { trigger: 'error', action: 'switch_model', model: 'x', maxRetries: 2 },
  // @ts-expect-error provider belongs to switch_provider
  { trigger: 'error', action: 'switch_model', provider: 'openai', model: 'x' },
  // @ts-expect-error low_funds stands alone
  { trigger: ['error', 'low_funds'], action: 'switch_model', model: 'x' },
  // @ts-expect-error unknown trigger
  { trigger: 'ratelimit', action: 'switch_model', model: 'x' },
]
void bad
