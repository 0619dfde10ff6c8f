import type { ProviderEvent, ProviderRequest } from '@wayfare/core'
import { createLLM } from '@wayfare/llm'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { model, prompt, type Client } from './client.ts'
import { providerRequest } from './provider-request.ts'

/** Wayfare with everything on: prices, limits in four scopes, events, a fallback. */
export function ours(baseURL: string): Client {
  const llm = createLLM({
    providers: [openaiCompatible({ name: 'openai', baseURL, apiKey: 'key' })],
    model: { provider: 'openai', model },
    fallbacks: [{ trigger: 'rate_limit', action: 'wait_and_retry', maxRetries: 2 }],
    limits: {
      global: { hard: 1e6 },
      session: { hard: 1e6 },
      agent: { hard: 1e6 },
      providers: { openai: { hard: 1e6 } },
    },
    maxOutputTokens: 4_000,
  })
  let priced = 0
  llm.on('attempt', ({ costUsd }) => {
    if (costUsd !== undefined) priced++
  })
  let calls = 0
  const call = { messages: prompt, session: 'bench:1' }
  return {
    async stream() {
      calls++
      let chunks = 0
      for await (const event of llm.stream(call)) if (event.type === 'text_delta') chunks++
      return chunks
    },
    async complete() {
      calls++
      const { text } = await llm.complete({ ...call, stream: false })
      return text.length
    },
    async close() {
      await llm.close()
      if (priced < calls) throw new Error(`${calls - priced} of ${calls} calls have no price`)
    },
  }
}

/** The same provider, driven by nobody: no router, prices and limits. */
export function providerAlone(baseURL: string): Client {
  const provider = openaiCompatible({ name: 'openai', baseURL, apiKey: 'key' })
  const request = { ...providerRequest(model), maxOutputTokens: 4_000 }
  const ask = async (asked: ProviderRequest): Promise<number> => {
    let events = 0
    for await (const read of provider.chat(asked)) events += (read as readonly ProviderEvent[]).length // as this one hands them over
    return events
  }
  return { stream: () => ask(request), complete: () => ask({ ...request, stream: false }) }
}
