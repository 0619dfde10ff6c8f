import { expect, test } from 'vitest'
import { CostTracker, MemoryStore } from '../src/index.ts'
import { ask, cost, FakeClock, milliPerToken } from './setup.ts'

/** Does what it is told, and fails to say so. */
class Mumbling extends MemoryStore {
  losing = false

  override settle(...order: Parameters<MemoryStore['settle']>): boolean {
    const known = super.settle(...order)
    if (this.losing) throw new Error('lost')
    return known
  }

  override void(id: string): boolean {
    const known = super.void(id)
    if (this.losing) throw new Error('lost')
    return known
  }
}

test.each(['settle', 'void'] as const)(
  'a call that waits for room hears of it by the repeated %s, when the answer to the first was lost',
  async (method) => {
    const clock = new FakeClock()
    const store = new Mumbling({ clock })
    const limits = { global: { hard: 1 } }
    const tracker = new CostTracker({ clock, store, limits, pricing: milliPerToken, onBudget: 'wait' })
    const first = ask(1)
    await tracker.reserve(first)
    if (method === 'settle') await tracker.dispatch(first.attemptId)
    let admitted = false
    const waiting = Promise.resolve(tracker.reserve(ask(1))).then(({ ok }) => (admitted = ok))
    const end = async (): Promise<void> => {
      if (method === 'settle') await tracker.settle(first.attemptId, cost(0))
      else await tracker.void(first.attemptId)
    }
    store.losing = true
    await expect(end()).rejects.toThrow('lost')
    expect(admitted).toBe(false)
    store.losing = false
    await end()
    await waiting
    expect(admitted).toBe(true)
  },
)
