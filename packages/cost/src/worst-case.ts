import type { Pricing, ProviderRequest, ReserveRequest, Usage } from '@wayfare/core'
import { inputTokensAtMost, type CountTokens } from './estimate.ts'
import { nanoUp } from './nano.ts'

/** Fewer output tokens than this are not worth a call. */
const minOutputTokens = 16

/** What one attempt may cost at most, in nano-USD. */
export interface WorstCase {
  /** With all the output that it asks for. */
  readonly full: number
  /** With the least output that is worth sending. */
  readonly least: number
  /** How many output tokens `granted` nano-USD pay for. */
  readonly outputTokensFor: (granted: number) => number
  /** The output that `full` pays for. */
  readonly outputTokens: number
}

export interface WorstCaseRules {
  readonly pricing: Pricing | undefined
  readonly countTokens: CountTokens | undefined
  /** Asked for where the caller sets no `maxOutputTokens`. */
  readonly maxOutputTokens: number
}

/** Undefined: the model has no known price. */
export function worstCase(
  { provider, model, vendor, request }: ReserveRequest,
  { pricing, countTokens, maxOutputTokens }: WorstCaseRules,
): WorstCase | undefined {
  if (pricing === undefined) return undefined
  const outputTokens = request.maxOutputTokens ?? maxOutputTokens + thinking(request)
  const inputTokens = inputTokensAtMost(request, countTokens)
  // One object, filled step by step: this is on the way of every call, and spreads are slow.
  const call: Bounded = { provider, model, inputTokens, maxOutputTokens: outputTokens }
  if (vendor !== undefined) call.vendor = vendor
  const serviceTier = servedBy(request)
  if (serviceTier !== undefined) call.serviceTier = serviceTier
  const fullUsd = mostUsd(pricing, call)
  call.maxOutputTokens = 0
  const inputUsd = mostUsd(pricing, call)
  if (fullUsd === undefined || inputUsd === undefined) return undefined
  const inputNano = nanoUp(inputUsd)
  const nanoPerToken = outputTokens === 0 ? 0 : ((fullUsd - inputUsd) * 1e9) / outputTokens
  const full = nanoUp(fullUsd)
  return {
    full,
    least: Math.min(full, inputNano + Math.ceil(minOutputTokens * nanoPerToken)),
    outputTokens,
    // What is paid in full is not divided: the quotient may miss a token by a hair.
    outputTokensFor: (granted) =>
      granted >= full || nanoPerToken === 0
        ? outputTokens
        : Math.min(outputTokens, Math.floor((granted - inputNano) / nanoPerToken)),
  }
}

interface Bounded {
  readonly provider: string
  readonly model: string
  vendor?: string
  serviceTier?: string
  readonly inputTokens: number
  maxOutputTokens: number
}

function mostUsd(pricing: Pricing, call: Bounded): number | undefined {
  const most = pricing.bounds === undefined ? dearestPrice(pricing, call) : pricing.bounds(call)?.maxUsd
  return most !== undefined && most >= 0 && most < Infinity ? most : undefined
}

/** For a price list without bounds: all input at each of its rates. */
function dearestPrice(pricing: Pricing, { inputTokens, maxOutputTokens, ...call }: Bounded): number | undefined {
  const none = { input: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0 }
  const total = inputTokens + maxOutputTokens
  let most: number | undefined
  for (const kind of ['input', 'cacheWrite', 'cacheWrite1h'] as const) {
    const usage: Usage = { ...none, [kind]: inputTokens, output: maxOutputTokens, total }
    const { usd } = pricing.price({ ...call, usage })
    if (usd === undefined) return undefined
    most = Math.max(most ?? 0, usd)
  }
  return most
}

function thinking({ reasoning }: ProviderRequest): number {
  return typeof reasoning === 'object' ? reasoning.maxTokens : 0
}

/** The service tier that the vendor's own options ask for, under the names that vendors use. */
function servedBy({ options }: ProviderRequest): string | undefined {
  if (options === undefined) return undefined
  const serviceTier = options['serviceTier'] ?? options['service_tier']
  return typeof serviceTier === 'string' ? serviceTier : undefined
}
