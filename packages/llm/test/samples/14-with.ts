import { llm } from './01-quick-start.ts'
import type { Message, ChatResponse } from '@wayfare/core'
import type { LLM } from '@wayfare/llm'
const cheap = llm.with({ model: 'openai/gpt-6-mini', maxOutputTokens: 200, session: 'batch' })
cheap satisfies LLM
cheap.costs.global()
// 15: continue at another provider
const history: Message[] = [{ role: 'user', content: 'Plan a trip' }]
const a = await llm.complete({ messages: history })
history.push(a.message, { role: 'user', content: 'Shorter' })
const b = await llm.complete({ messages: history, model: 'ollama/qwen3:8b' })
const stored = JSON.stringify([...history, b.message])
const restored = JSON.parse(stored) as Message[]
await llm.complete({ messages: restored, model: 'openrouter/meta-llama/llama-4:free' })
// a helper that takes any response
const show = (r: ChatResponse) => r.text
show(a)
