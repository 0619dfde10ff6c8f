import type { PriceLine, Usage } from '@wayfare/core'
import type { FullRates } from './card.ts'
import type { Fees } from './rates.ts'

/** One line for each component that was used. Their `pico` are integers, and their sum is the price. */
export function priceLines(usage: Usage, rates: FullRates, fees: Fees | undefined, factor: number): PriceLine[] {
  const lines: PriceLine[] = []
  const { assumed } = rates
  const input = count(usage.input)
  const output = count(usage.output)
  const audioIn = Math.min(count(usage.audioIn), input)
  const reasoning = Math.min(count(usage.reasoning), output)
  const audioOut = Math.min(count(usage.audioOut), output - reasoning)
  add(lines, 'input', input - audioIn, rates.input, factor, false)
  add(lines, 'audio_input', audioIn, rates.audioIn, factor, assumed.audioIn)
  add(lines, 'cache_read', count(usage.cacheRead), rates.cacheRead, factor, assumed.cacheRead)
  add(lines, 'cache_write', count(usage.cacheWrite), rates.cacheWrite, factor, assumed.cacheWrite)
  add(lines, 'cache_write_1h', count(usage.cacheWrite1h), rates.cacheWrite1h, factor, assumed.cacheWrite1h)
  add(lines, 'output', output - reasoning - audioOut, rates.output, factor, false)
  add(lines, 'reasoning', reasoning, rates.reasoning, factor, assumed.reasoning)
  add(lines, 'audio_output', audioOut, rates.audioOut, factor, assumed.audioOut)
  if (fees === undefined) return lines
  // Fees are USD each, lines are per million.
  add(lines, 'web_search', count(usage.webSearches), (fees.webSearch ?? 0) * 1e6, 1, fees.webSearch === undefined)
  if (fees.request !== undefined) add(lines, 'request', 1, fees.request * 1e6, 1, false)
  return lines
}

/** The prompt's size, which chooses the context tier. */
export function promptTokens(usage: Usage): number {
  return count(usage.input) + count(usage.cacheRead) + count(usage.cacheWrite) + count(usage.cacheWrite1h)
}

/** The sum of the lines: an integer of 1e-12 USD. */
export function sumPico(lines: readonly PriceLine[]): number {
  let pico = 0
  for (const line of lines) pico += line.pico
  return pico
}

function add(
  lines: PriceLine[],
  component: string,
  quantity: number,
  rate: number,
  factor: number,
  assumed: boolean | undefined,
): void {
  if (quantity === 0) return
  const usdPerMTok = factor === 1 ? rate : Number((rate * factor).toPrecision(12))
  const pico = Math.round(quantity * usdPerMTok * 1e6)
  lines.push(
    assumed === true ? { component, quantity, usdPerMTok, pico, assumed } : { component, quantity, usdPerMTok, pico },
  )
}

function count(tokens: number | undefined): number {
  return tokens !== undefined && tokens > 0 && tokens < Infinity ? tokens : 0
}
