import type { ReserveRequest, ReserveResult, SoftLimit } from '@wayfare/core'
import type { CalendarAt } from './calendar.ts'
import { nanoUp, usdOf } from './nano.ts'
import type { CostTrackerOptions } from './options.ts'
import { dearestUsd } from './posting.ts'
import type { Admission, CallScopes, ReserveOrder, ScopeLimit, SoftMark } from './store.ts'
import { worstCase, type WorstCase } from './worst-case.ts'

/** What the store is asked for one attempt. */
export interface Ask {
  readonly order: ReserveOrder
  /** A hard limit applies. */
  readonly limited: boolean
  /** Undefined: nobody knows the price. */
  readonly worst: WorstCase | undefined
}

export type Refusal = Extract<ReserveResult, { readonly ok: false }>
type Granted = Extract<ReserveResult, { readonly ok: true }>

const free: WorstCase = { full: 0, least: 0, outputTokens: Infinity, outputTokensFor: () => Infinity }
/** The smallest amount there is: it is refused where nothing is left. */
const unpriced = { full: 1, least: 1 }
/** No attempt is posted at more. */
const dearest = nanoUp(dearestUsd)

/** A refusal at once when a hard limit cannot be kept: the price is unknown, or the amount is none that a store could count. */
export function askFor(
  request: ReserveRequest,
  call: CallScopes,
  limits: readonly ScopeLimit[],
  calendarAt: CalendarAt,
  options: CostTrackerOptions,
): Ask | { readonly refusal: Refusal } {
  const { pricing, countTokens, maxOutputTokens = 16_384, onBudget, allowUnpriced } = options
  const hard = limits.find((limit) => limit.hard !== undefined)
  const worst = request.free === true ? free : worstCase(request, { pricing, countTokens, maxOutputTokens })
  if (worst === undefined && hard !== undefined && allowUnpriced !== true)
    return { refusal: { ok: false, scope: hard.scope, limitUsd: usdOf(hard.hard ?? 0), reason: 'unpriced' } }
  const { full, least } = worst ?? unpriced
  const isAmount = least <= dearest // which NaN is not
  if (!isAmount && hard !== undefined)
    return { refusal: { ok: false, scope: hard.scope, limitUsd: usdOf(hard.hard ?? 0), reason: 'too_large' } }
  const amount = full <= dearest ? full : dearest
  const mayShrink = onBudget === 'shrink' || request.request.maxOutputTokens === undefined
  const { attemptId: id, leaseMs } = request
  const enough = mayShrink && isAmount ? least : amount
  const order = { id, call, amount, least: enough, limits, calendarAt, leaseMs }
  return { order, limited: hard !== undefined, worst }
}

/** What the router is told. */
export function answerOf(admission: Admission, { request }: ReserveRequest, { limited, worst }: Ask): ReserveResult {
  if (!admission.ok) {
    const { limit, reason, resetsAt } = admission
    const refusal = { ok: false as const, scope: limit.scope, limitUsd: usdOf(limit.hard ?? 0), reason }
    return resetsAt === undefined || reason === 'too_large' ? refusal : { ...refusal, resetsAt }
  }
  // Where nothing limits, nothing can be overrun.
  const isLimited = limited && worst !== undefined
  const granted: { -readonly [K in keyof Granted]: Granted[K] } = {
    ok: true,
    amountUsd: isLimited ? usdOf(admission.amount) : Infinity,
  }
  if (isLimited && worst !== free) {
    const maxOutputTokens = worst.outputTokensFor(admission.amount)
    if (maxOutputTokens !== request.maxOutputTokens) granted.maxOutputTokens = maxOutputTokens
  }
  if (admission.soft.length > 0) granted.soft = admission.soft.map(softLimit)
  return granted
}

function softLimit({ limit, posted, first }: SoftMark): SoftLimit {
  const told = { scope: limit.scope, limitUsd: usdOf(limit.soft ?? 0), spentUsd: usdOf(posted) }
  return first ? { ...told, first } : told
}
