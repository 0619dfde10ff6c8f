import { LLMError } from '@wayfare/core'
import { llm } from './01-quick-start.ts'
const controller = new AbortController()
setTimeout(() => controller.abort(), 100)
try {
  await llm.complete({ messages: 'Long', signal: controller.signal, timeout: { totalMs: 30_000, idleMs: 5_000 } })
} catch (e) {
  if (LLMError.is(e) && (e.kind === 'cancelled' || e.kind === 'deadline')) console.log('cost so far', e.costUsd)
}
await llm.complete({ messages: 'x', timeout: 10_000, signal: AbortSignal.timeout(5000) })
// the pain of exactOptionalPropertyTypes is gone for inputs
function ask(text: string, options: { signal?: AbortSignal; model?: string } = {}) {
  return llm.complete({ messages: text, signal: options.signal, model: options.model })
}
void ask
for await (const e of llm.stream({ messages: 'x' })) {
  if (e.type === 'text_delta') break
}
