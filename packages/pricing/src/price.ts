import type { PriceLine } from '@wayfare/core'
import { components } from './component.ts'
import type { FullRates } from './full-rates.ts'
import { tokensOf, type Quantities } from './quantities.ts'
import type { Fees } from './rates.ts'

/** The price as an integer of 1e-12 USD: each component is rounded, then they are summed. */
export function picoOf(of: Quantities, { picoPerToken: rates }: FullRates, fees: Fees | undefined): number {
  let pico =
    Math.round(of.input * rates.input) +
    Math.round(of.output * rates.output) +
    Math.round(of.cacheRead * rates.cacheRead) +
    Math.round(of.cacheWrite * rates.cacheWrite) +
    Math.round(of.cacheWrite1h * rates.cacheWrite1h) +
    Math.round(of.reasoning * rates.reasoning)
  const { media } = of
  if (media !== undefined) {
    pico +=
      Math.round(media.audioIn * rates.audioIn) +
      Math.round(media.imageIn * rates.imageIn) +
      Math.round(media.cacheReadAudio * rates.cacheReadAudio) +
      Math.round(media.audioOut * rates.audioOut) +
      Math.round(media.imageOut * rates.imageOut)
  }
  return fees === undefined ? pico : pico + feePico(of.webSearches, fees.webSearch) + feePico(1, fees.request)
}

/** One line for each component that was used; their `pico` sum up to the price. */
export function priceLines(of: Quantities, rates: FullRates, fees: Fees | undefined): PriceLine[] {
  const lines: PriceLine[] = []
  for (const [component, name] of components) {
    const quantity = tokensOf(of, component)
    if (quantity === 0) continue
    const pico = Math.round(quantity * rates.picoPerToken[component])
    lines.push(line(name, quantity, rates.usdPerMTok[component], pico, rates.assumed.has(component)))
  }
  if (of.webSearches > 0) lines.push(feeLine('web_search', of.webSearches, fees?.webSearch))
  if (fees?.request !== undefined) lines.push(feeLine('request', 1, fees.request))
  return lines
}

/** Fees are USD each, lines are per million. */
function feeLine(name: string, quantity: number, fee: number | undefined): PriceLine {
  return line(name, quantity, (fee ?? 0) * 1e6, feePico(quantity, fee), fee === undefined)
}

function feePico(quantity: number, fee: number | undefined): number {
  return fee === undefined ? 0 : Math.round(quantity * fee * 1e12)
}

function line(component: string, quantity: number, usdPerMTok: number, pico: number, assumed: boolean): PriceLine {
  return assumed ? { component, quantity, usdPerMTok, pico, assumed } : { component, quantity, usdPerMTok, pico }
}
