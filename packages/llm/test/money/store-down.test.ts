import type { Admission, Posting, ReserveOrder, UnreservedSpend } from '@wayfare/cost'
import { CostTracker, MemoryStore } from '@wayfare/cost'
import { startEmulator } from '@wayfare/emulator'
import { createLLM, PriceRegistry } from '@wayfare/llm'
import { openai } from '@wayfare/openai'
import { expect, test } from 'vitest'

/** A ledger that can be out of reach. */
class Remote extends MemoryStore {
  isDown = false

  override reserve(order: ReserveOrder): Admission {
    this.#reach()
    return super.reserve(order)
  }

  override dispatch(id: string): boolean {
    this.#reach()
    return super.dispatch(id)
  }

  override settle(id: string, posting: Posting): boolean {
    this.#reach()
    return super.settle(id, posting)
  }

  override void(id: string): boolean {
    this.#reach()
    return super.void(id)
  }

  override record(spend: UnreservedSpend): boolean {
    this.#reach()
    return super.record(spend)
  }

  #reach(): void {
    if (this.isDown) throw new Error('connect ECONNREFUSED')
  }
}

test.each([true, false])(
  "with a store that is down, 'lease' and otherwise defaults, calls go on under their limit: stream %s",
  async (stream) => {
    await using emulator = await startEmulator()
    const prices = new PriceRegistry({ entries: [], fallbackRate: { input: 0, output: 100 } })
    const store = new Remote()
    const costs = new CostTracker({ store, onStoreDown: 'lease', pricing: prices, limits: { global: { hard: 20 } } })
    const llm = createLLM({
      providers: [openai({ apiKey: 'k', baseURL: emulator.baseURL('openai') })],
      model: { provider: 'openai', model: 'gpt-6-sol' },
      prices,
      costs,
    })
    const usage = { input: 10, output: 1_000 }
    emulator.answer('openai', () => ({ text: 'Hello.', usage }))
    const call = { messages: 'Hello?', maxOutputTokens: 4_000, stream }
    await llm.complete(call)
    store.isDown = true
    // A block of a dollar, each call at 0.4 at most, of which 0.1 is spent.
    await llm.complete(call)
    await llm.complete(call)
    await expect(llm.complete(call)).rejects.toMatchObject({ kind: 'store' })
    store.isDown = false
    await llm.close()
    expect(await costs.global()).toMatchObject({ costUsd: 0.3, pendingUsd: 0, attempts: 3 })
  },
)
