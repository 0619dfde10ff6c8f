import type { Price, PriceCall, Pricing } from '@wayfare/core'

/** One micro-USD per token, whatever the model, except for those that have no price. A reported cost wins. */
export class FlatPricing implements Pricing {
  readonly calls: PriceCall[] = []
  readonly #unpriced: ReadonlySet<string>

  constructor(unpriced: readonly string[] = []) {
    this.#unpriced = new Set(unpriced)
  }

  price(call: PriceCall): Price {
    this.calls.push(call)
    if (call.reportedUsd !== undefined) return priced(Math.round(call.reportedUsd * 1e12), 'provider')
    if (this.#unpriced.has(call.model)) return { priced: false, source: 'unknown' }
    return priced(call.usage.total * 1e6, 'registry')
  }
}

function priced(pico: number, source: 'provider' | 'registry'): Price {
  return { priced: true, usd: pico / 1e12, pico, source, breakdown: [], stale: false }
}
