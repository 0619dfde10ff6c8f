import type { MaybePromise } from '@wayfare/core'
import { BlockShelf, type Share } from './block-shelf.ts'
import type { CostClock } from './clock.ts'
import { CostConfigError } from './error.ts'
import { inTime, pause } from './in-time.ts'
import { after, isThenable } from './maybe-promise.ts'
import { Outbox, type Letter } from './outbox.ts'
import type { Admission, CostStore, Posting, ReserveOrder, UnreservedSpend } from './store.ts'

/** What is done while the store is down. */
export type WhenDown = 'closed' | 'open' | 'lease'

/** Whom to tell what. */
export interface ReachEvents {
  /** Money may have been freed. */
  readonly changed: () => void
  /** A settlement that no reservation belonged to. */
  readonly unknown: (id: string) => void
  /** The store is down, and calls go on. */
  readonly down: () => void
  /** The store answers others, and never this one, which is told no more. */
  readonly gaveUp: () => void
}

/** An attempt that the store does not know of. */
interface Local extends Pick<UnreservedSpend, 'call' | 'calendarAt'> {
  readonly amount: number
  readonly share: Share | undefined
}

/** The end of a block: what is left of it, or of what its lease charged, is free. */
const blockEnd: Posting = {
  nano: 0,
  inputTokens: 0,
  outputTokens: 0,
  message: false,
  source: 'unknown',
  attempts: 0,
}
const retryMs = 50
/** How long a store that failed is not asked again. */
const restMs = 1_000

/** The way to a store that may be slow or down. What is settled or freed reaches it in the end. */
export class Reach {
  readonly #store: CostStore
  readonly #clock: CostClock
  readonly #whenDown: WhenDown
  readonly #events: ReachEvents
  readonly #outbox: Outbox
  readonly #blocks: BlockShelf
  readonly #local = new Map<string, Local>()
  #downUntil = -Infinity

  constructor(store: CostStore, clock: CostClock, whenDown: WhenDown, events: ReachEvents) {
    this.#store = store
    this.#clock = clock
    this.#whenDown = whenDown
    this.#events = events
    this.#outbox = new Outbox(clock, events.changed, events.gaveUp)
    this.#blocks = new BlockShelf(store, clock, (id) => this.#tell(() => store.settle(id, blockEnd)))
  }

  reserve(order: ReserveOrder): MaybePromise<Admission> {
    // The router asks again, once.
    if (this.#whenDown === 'closed') return inTime(this.#store.reserve(order), this.#clock)
    return this.#reserveSomehow(order)
  }

  /** False: there is no such reservation. */
  dispatch(id: string): MaybePromise<boolean> {
    if (this.#local.has(id)) return true
    if (this.#whenDown !== 'open') return inTime(this.#store.dispatch(id), this.#clock)
    return this.#dispatchAnyway(id)
  }

  settle(id: string, posting: Posting): MaybePromise<void> {
    const local = this.#local.get(id)
    return local === undefined ? this.#settleReserved(id, posting) : this.#settleLocal(id, posting, local)
  }

  void(id: string): MaybePromise<void> {
    const local = this.#local.get(id)
    this.#local.delete(id)
    if (local?.share !== undefined) void this.#blocks.putBack(local.share)
    // Also of a local one: its reservation may have been made, and the answer lost.
    return this.#tell(() => this.#store.void(id))
  }

  get unsent(): number {
    return this.#outbox.size
  }

  /** Tells the store all that it could not be told before, and gives back what was set aside; resolves with how much is left. */
  async flush(): Promise<number> {
    if ((await this.#outbox.flush()) === 0) await this.#blocks.release()
    return this.#outbox.size
  }

  async #reserveSomehow(order: ReserveOrder): Promise<Admission> {
    const known = this.#local.get(order.id)
    if (known !== undefined) return { ok: true, amount: known.amount, soft: [] }
    for (let tries = 0; tries < 2 && this.#clock.now() >= this.#downUntil; tries++) {
      if (tries > 0) await pause(retryMs, this.#clock)
      try {
        const admission = await inTime(this.#store.reserve(order), this.#clock)
        if (this.#whenDown === 'lease' && admission.ok) void this.#blocks.prepare(order)
        return admission
      } catch (thrown) {
        if (tries > 0 || thrown instanceof CostConfigError) this.#isDown(thrown)
      }
    }
    return this.#reserveHere(order)
  }

  #reserveHere(order: ReserveOrder): Admission {
    const { id, call, calendarAt, amount, limits } = order
    const isLimited = limits.some(({ hard }) => hard !== undefined) && amount > 0
    const share = this.#whenDown === 'lease' && isLimited ? this.#blocks.take(order) : undefined
    if (this.#whenDown === 'lease' && isLimited && share === undefined)
      throw new Error('the store is down, and what this process had set aside for that is spent; see to the store')
    const granted = share?.amount ?? amount
    this.#local.set(id, { call, calendarAt, amount: granted, share })
    return { ok: true, amount: granted, soft: [] }
  }

  async #dispatchAnyway(id: string): Promise<boolean> {
    try {
      return await inTime(this.#store.dispatch(id), this.#clock)
    } catch (thrown) {
      this.#isDown(thrown)
      return true
    }
  }

  #settleReserved(id: string, posting: Posting): MaybePromise<void> {
    const settle = (): MaybePromise<boolean> => this.#store.settle(id, posting)
    // Told again it may be known from the first time, whose answer was lost.
    const isNew = (known: boolean): void => {
      if (!known) this.#events.unknown(id)
    }
    return this.#tell(() => after(settle(), isNew), settle)
  }

  #settleLocal(id: string, posting: Posting, { call, calendarAt, share }: Local): MaybePromise<void> {
    this.#local.delete(id)
    const from = share === undefined ? undefined : { id: share.block.id, amount: share.amount }
    return this.#tell(() =>
      after(this.#store.record({ id, call, posting, calendarAt, from }), () => {
        if (share !== undefined) void this.#blocks.told(share)
      }),
    )
  }

  #isDown(thrown: unknown): void {
    if (thrown instanceof CostConfigError) throw thrown
    this.#downUntil = this.#clock.now() + restMs
    this.#events.down()
  }

  #tell(letter: Letter, again: Letter = letter): MaybePromise<void> {
    let told: MaybePromise<unknown>
    try {
      told = inTime(letter(), this.#clock)
    } catch {
      return this.#outbox.put(again)
    }
    if (!isThenable(told)) return this.#events.changed()
    return told.then(
      () => this.#events.changed(),
      () => this.#outbox.put(again),
    )
  }
}
