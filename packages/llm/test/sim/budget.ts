import type { Budget, MaybePromise, ReserveRequest, ReserveResult, Settlement } from '@wayfare/core'

/** What the router did with one attempt at its budget. */
export interface Handled {
  readonly request: ReserveRequest
  readonly call: number
  reserved: boolean
  refused: boolean
  /** Whether it was to be dispatched, and whether that was acknowledged. */
  asked: boolean
  dispatched: boolean
  /** Tries that were acknowledged, and all of them. */
  readonly settles: { acknowledged: number; tries: number }
  readonly voids: { acknowledged: number; tries: number }
  settlement: Settlement | undefined
}

export interface Witness {
  readonly told: (line: string) => void
  readonly violated: (what: string) => void
  readonly admitted: (id: string, target: string) => void
  readonly ended: (id: string) => void
}

const settleTries = 5

/** Stands between the router and its budget, and holds the router to the port's protocol. */
export class WatchedBudget implements Budget {
  readonly handled: Map<string, Handled> = new Map()
  /** Reservations that are being asked for. */
  asking = 0
  readonly #inner: Budget
  readonly #witness: Witness

  constructor(inner: Budget, witness: Witness) {
    this.#inner = inner
    this.#witness = witness
  }

  async reserve(request: ReserveRequest): Promise<ReserveResult> {
    const { attemptId: id, provider, model } = request
    const { told, admitted, ended } = this.#witness
    if (!this.handled.has(id)) admitted(id, `${provider}/${model}`)
    const text = request.request.messages[0]?.content[0]
    const call = text?.type === 'text' ? Number(/^call (\d+)/.exec(text.text)?.[1]) : NaN
    const known = this.handled.get(id)
    const handled: Handled = known ?? {
      request,
      call,
      reserved: false,
      refused: false,
      asked: false,
      dispatched: false,
      settles: { acknowledged: 0, tries: 0 },
      voids: { acknowledged: 0, tries: 0 },
      settlement: undefined,
    }
    this.handled.set(id, handled)
    this.asking++
    try {
      const result = await this.#inner.reserve(request)
      handled.reserved = result.ok
      handled.refused = !result.ok
      const answer = result.ok ? `${result.amountUsd} USD` : `no: ${result.reason} (${JSON.stringify(result.scope)})`
      told(`call ${call} reserves ${id} for ${provider}/${model}: ${answer}`)
      if (!result.ok) ended(id)
      return result
    } finally {
      this.asking--
    }
  }

  async dispatch(id: string): Promise<void> {
    const handled = this.handled.get(id)
    if (!handled?.reserved) this.#witness.violated(`budget: ${id} is dispatched and was not reserved`)
    if (handled?.dispatched) this.#witness.violated(`budget: ${id} is dispatched twice`)
    if (handled !== undefined) handled.asked = true
    await this.#inner.dispatch(id)
    if (handled !== undefined) handled.dispatched = true
  }

  settle(id: string, settlement: Settlement): MaybePromise<void> {
    const handled = this.handled.get(id)
    const { told, violated, ended } = this.#witness
    if (!handled?.asked) violated(`budget: ${id} is settled and was not dispatched`)
    told(`${id} costs ${settlement.costUsd ?? 'nobody knows what'}, by ${settlement.usageSource} usage`)
    if (handled === undefined) return this.#inner.settle(id, settlement)
    handled.settlement ??= settlement
    ended(id)
    return this.#count(handled.settles, () => this.#inner.settle(id, settlement))
  }

  void(id: string): MaybePromise<void> {
    const handled = this.handled.get(id)
    const { told, violated, ended } = this.#witness
    if (handled === undefined) violated(`budget: ${id} is freed and was never asked for`)
    if (handled?.asked) violated(`budget: ${id} is freed and was dispatched`)
    told(`${id} is freed`)
    ended(id)
    return handled === undefined ? this.#inner.void(id) : this.#count(handled.voids, () => this.#inner.void(id))
  }

  /** Whether the store has not yet answered what it was told. */
  get unsure(): boolean {
    const isUnsure = ({ acknowledged, tries }: Handled['settles']): boolean => tries > 0 && acknowledged === 0
    return [...this.handled.values()].some(({ settles, voids }) => isUnsure(settles) || isUnsure(voids))
  }

  /** What is wrong once everything has ended. */
  *atRest(): Generator<string> {
    for (const [id, { reserved, asked, settles, voids }] of this.handled) {
      if (asked && !isDone(settles)) yield `budget: ${id} was dispatched and settled ${settles.acknowledged} times`
      if (reserved && !asked && !isDone(voids))
        yield `budget: ${id} was never dispatched and freed ${voids.acknowledged} times`
    }
  }

  async #count(tally: { acknowledged: number; tries: number }, act: () => MaybePromise<void>): Promise<void> {
    tally.tries++
    await act()
    tally.acknowledged++
  }
}

/** Once; or never, when the store failed every time. */
function isDone({ acknowledged, tries }: Handled['settles']): boolean {
  return acknowledged === 1 || (acknowledged === 0 && tries === settleTries)
}
