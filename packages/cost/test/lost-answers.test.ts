import { expect, test } from 'vitest'
import { CostTracker, MemoryStore } from '../src/index.ts'
import { TimedClock } from './stores/timed-clock.ts'
import { ask, cost, milliPerToken } from './setup.ts'

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
    const clock = new TimedClock()
    const store = new Mumbling({ clock })
    const limits = { global: { hard: 1 } }
    const tracker = new CostTracker({ clock, store, limits, pricing: milliPerToken, onBudget: 'wait' })
    const first = ask(1)
    await tracker.reserve(first)
    if (method === 'settle') await tracker.dispatch(first.attemptId)
    let admitted = false
    const waiting = Promise.resolve(tracker.reserve(ask(1))).then(({ ok }) => (admitted = ok))
    store.losing = true
    if (method === 'settle') await tracker.settle(first.attemptId, cost(0))
    else await tracker.void(first.attemptId)
    expect(admitted).toBe(false)
    store.losing = false
    await clock.pass(1_000)
    await waiting
    expect([admitted, tracker.ignored]).toEqual([true, 0])
  },
)
