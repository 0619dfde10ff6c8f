import { model } from '../client.ts'
import { peer } from './load.ts'

interface Tokens {
  readonly input: number
  readonly cacheRead: number
  readonly output: number
}

interface LLMPricing {
  readonly PricingCatalog: new (options: object) => unknown
  estimateCostUsd(this: void, call: object, catalog?: unknown): { readonly cost: number } | null | undefined
}

interface GenAIPrices {
  calcPrice(this: void, usage: object, model: string, options: object): { readonly total_price: number } | null
}

/** What others take for the same price. */
export async function priceClients({ input, cacheRead, output }: Tokens): Promise<Record<string, () => number>> {
  const pricing = await peer<LLMPricing>('llm-pricing')
  const genai = await peer<GenAIPrices>('@pydantic/genai-prices')
  const usage = { input_tokens: input + cacheRead, cache_read_tokens: cacheRead, output_tokens: output }
  const call = {
    model,
    inputTokens: input + cacheRead,
    cachedInputTokens: cacheRead,
    cacheReadInputTokens: cacheRead,
    cacheCreationInputTokens: 0,
    outputTokens: output,
  }
  return {
    ...(pricing && { 'llm-pricing': () => pricing.estimateCostUsd(call)?.cost ?? NaN }),
    ...(genai && { 'genai-prices': () => genai.calcPrice(usage, model, { providerId: 'openai' })?.total_price ?? NaN }),
  }
}
