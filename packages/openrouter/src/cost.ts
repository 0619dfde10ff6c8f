import { amount } from '@wayfare/openai-compatible'
import { isRecord } from '@wayfare/provider-kit'

/**
 * USD of one call. With a key of your own at the host (`is_byok`) `cost` is only OpenRouter's fee, and what the host bills comes
 * on top. Zero is an answer; NaN is one that is no amount of money.
 */
export function reportedUsd(usage: Readonly<Record<string, unknown>>): number | undefined {
  const cost = amount(usage['cost'])
  if (cost === undefined || usage['is_byok'] !== true) return cost
  const details = isRecord(usage['cost_details']) ? usage['cost_details'] : {}
  return cost + (amount(details['upstream_inference_cost']) ?? 0)
}
