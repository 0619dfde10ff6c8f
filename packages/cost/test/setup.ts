import type { Pricing, ProviderRequest, ReserveRequest, Settlement, Usage } from '@wayfare/core'
import { CostTracker, type CostTrackerOptions } from '../src/index.ts'

/** A clock that stands until it is moved. */
export class FakeClock {
  ms: number

  constructor(start = '2026-03-10T12:00:00Z') {
    this.ms = Date.parse(start)
  }

  date(): Date {
    return new Date(this.ms)
  }

  now(): number {
    return this.ms
  }

  /** Moves to a time. */
  to(time: string): void {
    this.ms = Date.parse(time)
  }
}

/** Input is free, a thousandth of a dollar for each output token; the model "mystery" has no price. */
export const milliPerToken: Pricing = {
  price: ({ model, usage }) =>
    model === 'mystery'
      ? { priced: false, source: 'unknown' }
      : {
          priced: true,
          usd: usage.output / 1000,
          pico: usage.output * 1e9,
          source: 'registry',
          breakdown: [],
          stale: false,
        },
  bounds: ({ model, maxOutputTokens = Infinity }) =>
    model === 'mystery' ? undefined : { minUsd: 0, maxUsd: maxOutputTokens / 1000 },
}

export function trackerOf(options: CostTrackerOptions = {}): { tracker: CostTracker; clock: FakeClock } {
  const clock = new FakeClock()
  return { tracker: new CostTracker({ pricing: milliPerToken, clock, ...options }), clock }
}

const never = new AbortController().signal

export function providerRequest(changes: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: 'm',
    messages: [],
    tools: [],
    toolChoice: 'auto',
    stream: true,
    signal: never,
    attemptId: 'a',
    clock: { now: () => 0, date: () => new Date(0), sleep: async () => {}, timer: () => ({ clear: () => {} }) },
    timeout: { connectMs: 1, firstByteMs: 1, idleMs: 1 },
    ...changes,
  }
}

let ids = 0

/** A request that may cost `usd`. */
export function ask(usd: number, changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    attemptId: `attempt-${++ids}`,
    provider: 'p',
    model: 'm',
    request: providerRequest({ maxOutputTokens: Math.round(usd * 1000) }),
    leaseMs: 60_000,
    signal: never,
    ...changes,
  }
}

const noUsage: Usage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  total: 0,
}

export function cost(costUsd: number | undefined, changes: Partial<Settlement> = {}): Settlement {
  return {
    ...(costUsd !== undefined && { costUsd }),
    pricingSource: costUsd === undefined ? 'unknown' : 'registry',
    usage: noUsage,
    usageSource: 'reported',
    message: true,
    ...changes,
  }
}

/** Reserves, dispatches and settles at once. */
export async function spend(tracker: CostTracker, usd: number, changes: Partial<ReserveRequest> = {}): Promise<void> {
  const request = ask(usd, changes)
  const result = await tracker.reserve(request)
  if (!result.ok) throw new Error(`refused: ${result.reason}`)
  await tracker.dispatch(request.attemptId)
  await tracker.settle(request.attemptId, cost(usd))
}
