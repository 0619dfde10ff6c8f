import { of, type Mutant } from './mutant.ts'

const core = 'packages/core/src'
const cost = 'packages/cost/src'

/** Mistakes in what is charged, reserved and refused. */
export const moneyMutants: readonly Mutant[] = [
  ...of(
    `${core}/charge.ts`,
    [
      'an estimate goes beyond what was allowed',
      'atMost(request, estimateReceived(fold.received()))',
      'estimateReceived(fold.received())',
    ],
    ['a refused request is charged', "  if (error.billed === 'no') return nothing\n", ''],
    ['a request that died at once is charged', 'if (elapsedMs < unseenGraceMs)', 'if (elapsedMs < 0)'],
    ['what a vendor goes on to write is free', "return { ...seen, usage, usageSource: 'worst_case' }", 'return seen'],
    [
      'what was received before a break is free',
      '  if (fold.progress > 0) return chargeReceived(fold, request, countInput)\n',
      '',
    ],
  ),
  ...of(
    `${core}/bill.ts`,
    ['fractions of a nano-USD are dropped', 'return Math.ceil(usd * 1e9 - 1e-3)', 'return Math.floor(usd * 1e9)'],
    [
      'an unpriced attempt is left out of the sum',
      'if (costUsd === undefined) return undefined',
      'if (costUsd === undefined) continue',
    ],
    [
      'free models are priced',
      "  if (provider.traits?.(target.model).free) return { costUsd: 0, pricingSource: 'registry' }\n",
      '',
    ],
    ['failures count as messages', "message: outcome === 'ok' }", 'message: true }'],
  ),
  ...of(
    `${core}/reservation.ts`,
    ['a lease ends with the call', 'request, restMs + leaseSlackMs)', 'request, restMs)'],
    ['what may be reserved is not freed', '    await release(engine, attemptId)\n', ''],
    ['a settlement is tried once more only', 'tries < settleTries; tries++', 'tries < 2; tries++'],
    [
      'a store is asked once',
      '  await engine.clock.sleep(retryStoreMs, guard.signal)\n',
      '    guard.signal.throwIfAborted()\n    await Promise.reject(new Error())\n',
    ],
    [
      'a refusal is no refusal',
      '  if (!result.ok) throw refusal(result, target)\n',
      '  if (!result.ok) return { amountUsd: 0, maxOutputTokens: undefined, soft: [], pricing }\n',
    ],
  ),
  ...of(
    `${cost}/memory.ts`,
    ['calls under way take no room', 'hard - posted - (account?.pending ?? 0)', 'hard - posted'],
    [
      'what costs nothing is refused',
      'if (hard === undefined || amount === 0) continue',
      'if (hard === undefined) continue',
    ],
    [
      'what was sent can be freed',
      'if (reservation === undefined || reservation.dispatched) return false',
      'if (reservation === undefined) return false',
    ],
    [
      'an orphan is not charged',
      '      if (reservation.dispatched) this.#book.post(reservation, reservation.amount, unheard, 1)\n',
      '',
    ],
    ['a late settlement is charged on top', 'const charged = late.dispatched ? late.amount : 0', 'const charged = 0'],
    [
      'a repeated reservation reserves twice',
      '    if (known !== undefined) return { ok: true, amount: known.amount, soft: noSoft }\n',
      '',
    ],
    ['a grant is never smaller than what was asked for', '      if (room < granted) granted = room\n', ''],
    ['a lease ends never', 'if (now >= this.#nextDeadline) this.sweep()', 'if (now >= Infinity) this.sweep()'],
  ),
  ...of(
    `${cost}/book.ts`,
    ['a soft limit is told one nano-USD late', 'posted < limit.soft) continue', 'posted <= limit.soft) continue'],
    ['windows are not posted to', '      account.addToWindows(nano, calendar)\n', ''],
  ),
  ...of(
    `${cost}/tracker.ts`,
    ['a clock that is set back opens its day again', 'now.day > this.#today.day', 'now.day !== this.#today.day'],
    [
      'waiting is for who asked to be rejected',
      "this.#options.onBudget === 'wait' ?",
      "this.#options.onBudget !== 'reject' ?",
    ],
  ),
  ...of(`${cost}/reach.ts`, [
    'a settlement wakes nobody',
    'if (!isThenable(told)) return this.#events.changed()',
    'if (!isThenable(told)) return',
  ]),
  ...of(`${cost}/room.ts`, ['who leaves a line wakes nobody', '      else first(line)?.call()\n', '']),
  ...of(
    `${cost}/worst-case.ts`,
    ['what fits is lowered by a rounding', 'granted >= full || ', ''],
    [
      'a grant pays for one token too many',
      'Math.min(outputTokens, Math.floor((',
      'Math.min(outputTokens, Math.ceil((',
    ],
    [
      'input is free',
      'const fullUsd = mostUsd(pricing, call)',
      'const fullUsd = mostUsd(pricing, { ...call, inputTokens: 0 })',
    ],
  ),
  ...of(`${cost}/account.ts`, [
    'a week ends with its day',
    '    if (calendar.week !== before.week) this.weekPosted = 0\n',
    '    this.weekPosted = 0\n',
  ]),
  ...of(
    `${cost}/limit-book.ts`,
    ['a limit by name is ignored', '        stated(this.#sessions.get(session)) ??\n', ''],
    [
      'models have no limits',
      "if (ofModel !== undefined) meet(met, ofModel, { kind: 'model', id: ref })",
      "if (ofModel === undefined) meet(met, this.#global!, { kind: 'model', id: ref })",
    ],
  ),
  ...of(`${cost}/estimate.ts`, [
    'messages have no overhead',
    'tokens += perMessage + messageTokens(',
    'tokens += messageTokens(',
  ]),
  ...of(
    `${cost}/admit.ts`,
    [
      'what a caller asked for is shrunk unasked',
      "onBudget === 'shrink' || request.request.maxOutputTokens === undefined",
      'true',
    ],
    ['a model without a price passes a hard limit', ' && allowUnpriced !== true)', ' && allowUnpriced === false)'],
  ),
]
