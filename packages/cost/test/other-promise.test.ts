import { expect, test } from 'vitest'
import { withOtherPromise } from '../../core/test/kit/other-promise.ts'
import { CostTracker, MemoryStore } from '../src/index.ts'
import { ask, cost, milliPerToken } from './setup.ts'

/** Promises its answers, as a store does that is elsewhere. */
function remote(): MemoryStore {
  return new Proxy(new MemoryStore(), {
    get(store, name: keyof MemoryStore) {
      const method = store[name] as unknown
      return typeof method === 'function' ? async (...told: unknown[]) => method.apply(store, told) as unknown : method
    },
  })
}

test('a store elsewhere is waited for though another library has replaced the global Promise', () =>
  withOtherPromise(async () => {
    const tracker = new CostTracker({ store: remote(), limits: { global: { hard: 1 } }, pricing: milliPerToken })
    const first = ask(1)
    expect(await tracker.reserve(first)).toMatchObject({ ok: true, amountUsd: 1 })
    expect(await tracker.reserve(ask(0.5))).toMatchObject({ ok: false })
    await tracker.dispatch(first.attemptId)
    await tracker.settle(first.attemptId, cost(0.25))
    expect(await tracker.reserve(ask(0.75))).toMatchObject({ ok: true })
    expect(await tracker.reserve(ask(0.01))).toMatchObject({ ok: false })
  }))
