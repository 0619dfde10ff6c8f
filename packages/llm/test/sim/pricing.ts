import type { Pricing, Usage } from '@wayfare/core'

/** Micro-USD per token. */
const rates: { readonly [model: string]: { readonly input: number; readonly output: number } } = {
  m: { input: 0.5, output: 2 },
  cheap: { input: 0.1, output: 0.3 },
  free: { input: 1, output: 1 },
}
/** Of the input's rate. */
const cacheReads = 0.1
const cacheWrites = 1.25

/** Prices with what makes them hard: caches, costs that vendors report, models that nobody knows. */
export const pricing: Pricing = {
  price: ({ model, usage, reportedUsd }) => {
    if (reportedUsd !== undefined) return priced(Math.round(reportedUsd * 1e12), 'provider')
    const pico = picoOf(model, usage)
    return pico === undefined ? { priced: false, source: 'unknown' } : priced(pico, 'registry')
  },
  bounds: ({ model, inputTokens, maxOutputTokens = Infinity }) => {
    const rate = rates[model]
    if (rate === undefined) return undefined
    const { input, output } = rate
    return {
      minUsd: (inputTokens * input * cacheReads) / 1e6,
      maxUsd: (inputTokens * input * cacheWrites + (maxOutputTokens === 0 ? 0 : maxOutputTokens * output)) / 1e6,
    }
  },
}

export function picoOf(model: string, { input, cacheRead, cacheWrite, output }: Usage): number | undefined {
  const rate = rates[model]
  if (rate === undefined) return undefined
  return Math.round(
    (rate.input * (input + cacheRead * cacheReads + cacheWrite * cacheWrites) + rate.output * output) * 1e6,
  )
}

function priced(pico: number, source: 'provider' | 'registry'): ReturnType<Pricing['price']> {
  return { priced: true, usd: pico / 1e12, pico, source, breakdown: [], stale: false }
}
