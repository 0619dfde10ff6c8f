import type { Settlement } from './contract/budget.ts'
import type { Attempt, AttemptBase } from './contract/response.ts'
import type { ModelTarget } from './contract/model.ts'
import type { Provider } from './contract/provider.ts'
import type { Price, PriceCall, Pricing } from './contract/pricing.ts'
import type { PricingSource, Usage } from './contract/usage.ts'
import type { Charge } from './charge.ts'
import type { Draft } from './draft.ts'
import type { Engine } from './engine.ts'
import type { LLMError } from './error.ts'
import type { Fold } from './fold.ts'
import { noUsage } from './usage.ts'

/** USD to integer nano-USD, rounded up: the unit in which money is added. */
function toNano(usd: number): number {
  // The product of a float and a power of ten may miss an integer by a hair; a hair is not a nano-USD.
  return Math.ceil(usd * 1e9 - 1e-3)
}

export interface Cost {
  readonly costUsd?: number
  readonly pricingSource: PricingSource
  /** What is odd about it. */
  readonly problem?: string
}

/** What an attempt bought, and at whose prices. */
export interface Purchase {
  readonly target: ModelTarget
  readonly provider: Provider
  /** Those in force when the attempt began. */
  readonly pricing: Pricing | undefined
  /** Unix milliseconds. */
  readonly at: number
}

/** What a charge comes to; absent when nobody knows the price. Never throws: an attempt must be settled in any case. */
export function priceOf(engine: Engine, purchase: Purchase, fold: Fold, charge: Charge): Cost {
  try {
    return lookUp(engine, purchase, fold, charge)
  } catch {
    return { pricingSource: 'unknown', problem: 'the pricing threw; the attempt is unpriced' }
  }
}

function lookUp(engine: Engine, purchase: Purchase, fold: Fold, charge: Charge): Cost {
  const { provider, target, at } = purchase
  if (charge.billed !== 'yes' && charge.usage.total === 0) return { costUsd: 0, pricingSource: 'registry' }
  if (provider.traits?.(target.model).free) return { costUsd: 0, pricingSource: 'registry' }
  const reported = fold.reportedUsd
  const reportedUsd = reported !== undefined && Number.isFinite(reported) && reported >= 0 ? reported : undefined
  const price = priceByEither(purchase, fold, charge.usage, reportedUsd)
  const cost: Draft<Cost> = { pricingSource: 'unknown' }
  const problem = reported === undefined ? undefined : oddity(purchase, fold, charge, reportedUsd)
  if (problem !== undefined) cost.problem = problem
  if (price === undefined) {
    if (reportedUsd === undefined) return cost
    cost.costUsd = toNano(reportedUsd) / 1e9
    cost.pricingSource = 'provider'
    return cost
  }
  if (price.stale && price.priceDate !== undefined && !engine.toldStale.has(target.model)) {
    engine.toldStale.add(target.model)
    const ageDays = Math.floor((at - Date.parse(price.priceDate)) / 86_400_000)
    engine.emitter.emit('price_stale', { model: target.model, ageDays })
  }
  cost.costUsd = Math.ceil(price.pico / 1_000) / 1e9
  cost.pricingSource = price.source
  return cost
}

/** By the model that served, else by the one that was asked for. */
function priceByEither(purchase: Purchase, fold: Fold, usage: Usage, reportedUsd?: number): Priced | undefined {
  const { target } = purchase
  const served = fold.started?.model
  const own =
    served === undefined || served === target.model ? undefined : priceBy(purchase, served, usage, reportedUsd)
  return own ?? priceBy(purchase, target.model, usage, reportedUsd)
}

type Priced = Extract<Price, { readonly priced: true }>

function priceBy(
  { provider, target, pricing, at }: Purchase,
  model: string,
  usage: Usage,
  reportedUsd: number | undefined,
): Priced | undefined {
  const call: Draft<PriceCall> = { provider: target.provider, model, usage, at }
  if (provider.vendor !== undefined) call.vendor = provider.vendor
  if (reportedUsd !== undefined) call.reportedUsd = reportedUsd
  if (usage.serviceTier !== undefined) call.serviceTier = usage.serviceTier
  const price = pricing?.price(call)
  return price?.priced ? price : undefined
}

/** What is wrong with a reported cost. One that is merely high counts all the same: the vendor will charge it. */
function oddity(purchase: Purchase, fold: Fold, charge: Charge, reportedUsd: number | undefined): string | undefined {
  if (reportedUsd === undefined) return 'the reported cost is not an amount of money'
  if (reportedUsd === 0) return undefined
  const listed = charge.usageSource === 'reported' ? priceByEither(purchase, fold, charge.usage) : undefined
  // A fallback rate knows nothing of the model.
  if (listed === undefined || listed.source === 'fallback' || reportedUsd < 10 * listed.usd) return undefined
  return 'the reported cost is ten times the listed price, or more'
}

export interface AttemptTimes {
  readonly startedAt: number
  readonly firstOutputMs: number | undefined
  readonly totalMs: number
}

/** One line of the bill. */
export function attemptLine(
  id: string,
  target: ModelTarget,
  fold: Fold,
  times: AttemptTimes,
  charge: Charge,
  cost: Cost,
  error: LLMError | undefined,
): Attempt {
  const { started } = fold
  const requestId = started?.requestId ?? error?.requestId
  const line: Draft<AttemptBase> = {
    id,
    provider: target.provider,
    model: target.model,
    startedAt: times.startedAt,
    totalMs: times.totalMs,
    usage: charge.usage,
    usageSource: charge.usageSource,
    pricingSource: cost.pricingSource,
    billed: charge.billed,
  }
  if (cost.costUsd !== undefined) line.costUsd = cost.costUsd
  if (times.firstOutputMs !== undefined) line.firstOutputMs = times.firstOutputMs
  if (started?.model !== undefined) line.servedModel = started.model
  if (started?.upstream !== undefined) line.upstream = started.upstream
  if (requestId !== undefined) line.requestId = requestId
  return error === undefined ? answeredLine(line) : brokenLine(line, error)
}

function answeredLine(line: Draft<AttemptBase>): Attempt {
  const answered = line as Draft<Extract<Attempt, { outcome: 'ok' }>> // its outcome follows
  answered.outcome = 'ok'
  return answered
}

function brokenLine(line: Draft<AttemptBase>, { kind, status, message }: LLMError): Attempt {
  const broken = line as Draft<Exclude<Attempt, { outcome: 'ok' }>> // the rest follows
  broken.outcome = kind === 'cancelled' ? 'cancelled' : 'failed'
  broken.kind = kind
  if (status !== undefined) broken.status = status
  broken.message = message
  return broken
}

/** What the budget is told of an attempt; what is odd about it is told to all who listen. */
export function settlementOf(
  engine: Engine,
  { id, provider, model, costUsd, pricingSource, usage, usageSource, outcome }: Attempt,
  reservedUsd: number,
  problems: readonly string[],
): Settlement {
  const settlement: Draft<Settlement> = { pricingSource, usage, usageSource, message: outcome === 'ok' }
  for (const problem of problems) engine.emitter.emit('usage_anomaly', { target: { provider, model }, problem })
  if (problems.length > 0) settlement.problems = problems
  if (costUsd === undefined) return settlement
  settlement.costUsd = costUsd
  if (toNano(costUsd) > toNano(reservedUsd)) {
    settlement.overrunUsd = (toNano(costUsd) - toNano(reservedUsd)) / 1e9
    engine.emitter.emit('budget_overrun', { attemptId: id, reservedUsd, costUsd })
  }
  return settlement
}

/** Of an attempt that was never sent, and that the budget may believe to be. */
export const unsent: Settlement = {
  costUsd: 0,
  pricingSource: 'registry',
  usage: noUsage,
  usageSource: 'none',
  message: false,
}

/** USD over all attempts; undefined when one of them could not be priced. */
export function totalUsd(attempts: readonly Attempt[]): number | undefined {
  let nano = 0
  for (const { costUsd } of attempts) {
    if (costUsd === undefined) return undefined
    nano += toNano(costUsd)
  }
  return nano / 1e9
}
