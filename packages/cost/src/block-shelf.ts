import type { MaybePromise } from '@wayfare/core'
import type { CalendarAt } from './calendar.ts'
import type { CostClock } from './clock.ts'
import { inTime } from './in-time.ts'
import type { CallScopes, CostStore, ReserveOrder, ScopeLimit } from './store.ts'

/** Money that is reserved in the store, to be spent here while the store is down. */
interface Block {
  readonly id: string
  /** Until then the store holds it; by the steady clock of this process. */
  readonly until: number
  readonly size: number
  left: number
  /** The shares of which the store has not been told. */
  readonly out: Set<Share>
  /** Nothing may be taken of it any more. */
  isOver: boolean
  /** When a call met its limits last. */
  metAt: number
}

/** A part of a block, for one attempt. */
export interface Share {
  readonly block: Block
  readonly amount: number
}

const mostNano = 1e9
const shareOfRest = 0.05
const leaseMs = 7_200_000
const maxBlocks = 20
/** A block that was not needed for so long makes room for another. */
const idleMs = 60_000

/**
 * A block for each set of hard limits that calls meet, made while the store is up. It is dispatched when it is made: what is
 * spent of it the store may hear of after its lease, which therefore charges it; what is told later corrects that.
 */
export class BlockShelf {
  readonly #store: CostStore
  readonly #clock: CostClock
  readonly #giveBack: (id: string) => MaybePromise<void>
  readonly #blocks = new Map<string, Block>()
  readonly #making = new Map<string, Promise<void>>()

  /** `giveBack` tells the store of the end of a block, until it knows. */
  constructor(store: CostStore, clock: CostClock, giveBack: (id: string) => MaybePromise<void>) {
    this.#store = store
    this.#clock = clock
    this.#giveBack = giveBack
  }

  /** Makes the block that calls with these limits would need, unless it is there. A failure leaves none. */
  async prepare({ limits, calendarAt }: ReserveOrder): Promise<void> {
    const hard = hardOnes(limits)
    const key = keyOf(hard)
    const now = this.#clock.now()
    const known = this.#blocks.get(key)
    if (known !== undefined) known.metAt = now
    if (hard.length === 0 || this.#making.has(key) || (known !== undefined && isFresh(known, now))) return
    if (known === undefined && !this.#hasPlace(now)) return
    const making = this.#replace(key, hard, calendarAt, now).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    await making
  }

  /** Undefined: what is left is too little, or is not held any more. */
  take({ limits, amount, least }: ReserveOrder): Share | undefined {
    const block = this.#blocks.get(keyOf(hardOnes(limits)))
    if (block === undefined || block.left < least || this.#clock.now() >= block.until) return undefined
    const share = { block, amount: Math.min(amount, block.left) }
    block.left -= share.amount
    block.out.add(share)
    return share
  }

  /** The store has taken it out of the block, with all that was not spent of it. */
  told(share: Share): MaybePromise<void> {
    if (share.block.out.delete(share)) return this.#endIfDone(share.block)
  }

  /** Nothing was spent of it. */
  putBack(share: Share): MaybePromise<void> {
    const { block, amount } = share
    if (!block.out.delete(share)) return
    block.left += amount
    return this.#endIfDone(block)
  }

  /** Gives all blocks back, those with shares under way when the last of these has been told. */
  async release(): Promise<void> {
    await Promise.all(this.#making.values())
    const blocks = [...this.#blocks.values()]
    this.#blocks.clear()
    for (const block of blocks) await this.#end(block)
  }

  #hasPlace(now: number): boolean {
    for (const [key, block] of this.#blocks) {
      if (this.#blocks.size + this.#making.size < maxBlocks) return true
      if (block.until > now && now - block.metAt < idleMs) continue
      this.#blocks.delete(key)
      void this.#end(block)
    }
    return this.#blocks.size + this.#making.size < maxBlocks
  }

  async #replace(key: string, hard: readonly ScopeLimit[], calendarAt: CalendarAt, now: number): Promise<void> {
    const made = await this.#make(hard, calendarAt, now).catch(() => undefined) // the store has gone down
    if (made === undefined) return
    const old = this.#blocks.get(key)
    this.#blocks.set(key, made)
    if (old !== undefined) await this.#end(old)
  }

  async #make(limits: readonly ScopeLimit[], calendarAt: CalendarAt, now: number): Promise<Block | undefined> {
    const posted = await inTime(this.#store.posted(limits, calendarAt), this.#clock)
    const rests = limits.map(({ hard = 0 }, i) => hard - (posted[i] ?? 0))
    const amount = Math.min(mostNano, Math.floor(Math.min(...rests) * shareOfRest))
    if (amount <= 0) return undefined
    const id = `block:${globalThis.crypto.randomUUID()}`
    const order = { id, call: callOf(limits), amount, least: amount, limits, calendarAt, leaseMs }
    try {
      const answer = await inTime(this.#store.reserve(order), this.#clock)
      if (!answer.ok || !(await inTime(this.#store.dispatch(id), this.#clock))) return undefined
    } catch (thrown) {
      await this.#giveBack(id) // it may be there, and the answer lost
      throw thrown
    }
    return { id, until: now + leaseMs, size: amount, left: amount, out: new Set(), isOver: false, metAt: now }
  }

  #end(block: Block): MaybePromise<void> {
    block.isOver = true
    return this.#endIfDone(block)
  }

  #endIfDone({ id, isOver, out }: Block): MaybePromise<void> {
    if (isOver && out.size === 0) return this.#giveBack(id)
  }
}

function isFresh({ until, left, size }: Block, now: number): boolean {
  return until - now > leaseMs / 2 && left >= size / 2
}

function hardOnes(limits: readonly ScopeLimit[]): readonly ScopeLimit[] {
  return limits.filter(({ hard }) => hard !== undefined)
}

function keyOf(limits: readonly ScopeLimit[]): string {
  return JSON.stringify(limits.map(({ scope, window, hard }) => [scope, window, hard]))
}

/** A call that counts in the limited scopes. */
function callOf(limits: readonly ScopeLimit[]): CallScopes {
  const call: { -readonly [K in keyof CallScopes]: CallScopes[K] } = {}
  for (const { scope } of limits) {
    if (scope.kind === 'tag') call.tags = { ...call.tags, [scope.tag]: scope.id }
    else if (scope.kind === 'model') {
      const slash = scope.id.indexOf('/')
      call.provider = scope.id.slice(0, slash)
      call.model = scope.id.slice(slash + 1)
    } else if (scope.kind !== 'global') call[scope.kind] = scope.id
  }
  return call
}
