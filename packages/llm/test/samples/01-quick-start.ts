import { anthropic } from '@wayfare/anthropic'
import { createLLM } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
export const llm = createLLM({
  providers: [anthropic(), openai(), ollama()],
  model: 'anthropic/claude-sonnet-5-5',
  fallbacks: ['openai/gpt-6-mini', 'ollama/qwen3:8b'],
})
const res = await llm.complete({ messages: 'Hello' })
console.log(res.text, res.costUsd?.toFixed(6) ?? 'price unknown', res.attempts.length)
