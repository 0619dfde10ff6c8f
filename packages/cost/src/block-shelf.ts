import type { CalendarAt } from './calendar.ts'
import type { CostClock } from './clock.ts'
import type { CallScopes, CostStore, ReserveOrder, ScopeLimit } from './store.ts'

/** Money that is reserved in the store, to be spent here while the store is down. */
interface Block {
  readonly id: string
  /** Until then the store holds it; by the steady clock of this process. */
  readonly until: number
  left: number
}

/** A part of a block, for one attempt. */
export interface Share {
  readonly block: Block
  readonly amount: number
}

const mostNano = 1e9
const shareOfRest = 0.05
const leaseMs = 600_000
const maxBlocks = 20

/** A block for each set of hard limits that calls meet, made while the store is up. */
export class BlockShelf {
  readonly #store: CostStore
  readonly #clock: CostClock
  readonly #blocks = new Map<string, Block>()
  readonly #making = new Set<string>()

  constructor(store: CostStore, clock: CostClock) {
    this.#store = store
    this.#clock = clock
  }

  /** Makes the block that calls with these limits would need, unless it is there. A failure leaves none. */
  async prepare({ limits, calendarAt }: ReserveOrder): Promise<void> {
    const hard = hardOnes(limits)
    const key = keyOf(hard)
    const now = this.#clock.now()
    const known = this.#blocks.get(key)
    if (hard.length === 0 || this.#making.has(key) || (known !== undefined && known.until - now > leaseMs / 2)) return
    if (known === undefined && this.#blocks.size >= maxBlocks) return
    this.#making.add(key)
    try {
      const made = await this.#make(hard, calendarAt, now)
      if (made !== undefined) this.#blocks.set(key, made)
      if (known !== undefined && made !== undefined) await this.#store.void(known.id)
    } catch {
      // the store has gone down; the block that there was serves until it ends
    } finally {
      this.#making.delete(key)
    }
  }

  /** Undefined: what is left is too little, or would not be held long enough. */
  take({ limits, amount, least, leaseMs: forMs }: ReserveOrder): Share | undefined {
    const block = this.#blocks.get(keyOf(hardOnes(limits)))
    if (block === undefined || block.left < least || this.#clock.now() + forMs > block.until) return undefined
    const granted = Math.min(amount, block.left)
    block.left -= granted
    return { block, amount: granted }
  }

  /** Gives all blocks back; nothing may be taken of them any more. */
  async release(): Promise<void> {
    const blocks = [...this.#blocks.values()]
    this.#blocks.clear()
    for (const { id } of blocks) await this.#store.void(id)
  }

  async #make(limits: readonly ScopeLimit[], calendarAt: CalendarAt, now: number): Promise<Block | undefined> {
    const posted = await this.#store.posted(limits, calendarAt)
    const rests = limits.map(({ hard = 0 }, i) => hard - (posted[i] ?? 0))
    const amount = Math.min(mostNano, Math.floor(Math.min(...rests) * shareOfRest))
    if (amount <= 0) return undefined
    const id = `block:${globalThis.crypto.randomUUID()}`
    const call = callOf(limits)
    const answer = await this.#store.reserve({ id, call, amount, least: amount, limits, calendarAt, leaseMs })
    return answer.ok ? { id, until: now + leaseMs, left: answer.amount } : undefined
  }
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
