import type { Usage } from '@wayfare/core'
import { isRecord, tokens } from '@wayfare/provider-kit'
import { text } from './wire.ts'

type Counts = Readonly<Record<string, unknown>>

/** Figures are cumulative: a later one replaces an earlier one, and what is not mentioned stays. */
export function mergeUsage(known: Counts, news: unknown): Counts {
  if (!isRecord(news)) return known
  const merged: Record<string, unknown> = { ...known }
  for (const [key, value] of Object.entries(news)) if (value !== null && value !== undefined) merged[key] = value
  return merged
}

/**
 * What is billed. With `iterations` that is their sum, because the figures beside them are the size of the context then; a
 * server-side fallback has made them final already.
 */
export function toUsage(counts: Counts): Partial<Usage> {
  const billed = iterations(counts)
  const sum: { -readonly [K in keyof Usage]?: Usage[K] } = {}
  for (const one of billed.length > 0 ? billed : [counts]) {
    add(sum, 'input', one['input_tokens'])
    add(sum, 'cacheRead', one['cache_read_input_tokens'])
    const split = isRecord(one['cache_creation']) ? one['cache_creation'] : {}
    const hour = tokens(split['ephemeral_1h_input_tokens'])
    const written = one['cache_creation_input_tokens'] ?? hour + tokens(split['ephemeral_5m_input_tokens'])
    add(sum, 'cacheWrite1h', hour)
    add(sum, 'cacheWrite', Math.max(0, tokens(written) - hour))
    add(sum, 'output', one['output_tokens'])
    const details = isRecord(one['output_tokens_details'])
      ? one['output_tokens_details']
      : counts['output_tokens_details']
    if (isRecord(details) && sum.reasoning === undefined) add(sum, 'reasoning', details['thinking_tokens'])
  }
  const server = isRecord(counts['server_tool_use']) ? counts['server_tool_use'] : {}
  if (server['web_search_requests'] !== undefined) sum.webSearches = tokens(server['web_search_requests'])
  const tier = counts['speed'] === 'fast' ? 'fast' : text(counts['service_tier'])
  if (tier !== undefined) sum.serviceTier = tier
  const geo = text(counts['inference_geo'])
  if (geo !== undefined) sum.geo = geo
  return sum
}

/** Whether another model's tokens are among the iterations: they are counted, at the price of the model that was asked. */
export function hasAdvisor(counts: Counts): boolean {
  return iterations(counts).some((one) => one['type'] === 'advisor_message')
}

function iterations(counts: Counts): readonly Counts[] {
  const list = Array.isArray(counts['iterations']) ? counts['iterations'].filter(isRecord) : []
  return list.some((one) => one['type'] === 'fallback_message') ? [] : list
}

function add(sum: { -readonly [K in keyof Usage]?: Usage[K] }, key: NumericKey, value: unknown): void {
  if (value !== undefined && value !== null) sum[key] = (sum[key] ?? 0) + tokens(value)
}

type NumericKey = 'input' | 'cacheRead' | 'cacheWrite' | 'cacheWrite1h' | 'output' | 'reasoning'
