import type { CallScopes, CostStore } from '../../src/index.ts'
import { answers, day, limit, order, posting } from '../../src/testing/orders.ts'

/** Random numbers, the same for the same seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed * 7919 + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const days = ['2026-03-30', '2026-03-31', '2026-04-01', '2026-04-06']

/** Calls of every kind, of which some end, some fail and some are never heard of again. */
export async function walk(store: CostStore, steps: number, seed: number): Promise<void> {
  const random = dice(seed)
  for (let step = 0; step < steps; step++) {
    const id = `${seed}-${step}`
    const session = `a${random(2)}:${random(5)}`
    const call: CallScopes = {
      provider: 'p',
      model: `m${random(2)}`,
      session,
      agent: session.slice(0, 2),
      ...(random(2) === 0 && { tags: { 'team "x"': `é${random(2)}` } }),
    }
    const calendarAt = day(days[Math.floor((step * days.length) / steps)] ?? '', '2026-03-30')
    const limits = [{ ...limit(1e6), soft: 500 }, limit(50_000, { kind: 'session', id: session }, { window: 'day' })]
    const what = random(12)
    if (what === 0) {
      await store.record({ id, call, posting: posting(random(90)), calendarAt })
      continue
    }
    if (what === 1) await store.forget(session)
    const admission = await store.reserve(
      order(id, random(100), { call, limits, calendarAt, leaseMs: random(6) === 0 ? 0 : 1e6 }),
    )
    if (!admission.ok || what === 2) continue
    if (what === 3) {
      await store.void(id)
      continue
    }
    await store.dispatch(id)
    if (what === 4) continue
    if (what === 5) await store.sweep()
    const nano = what === 6 ? undefined : random(120)
    await store.settle(id, posting(nano, { inputTokens: random(50), outputTokens: random(9) }))
  }
}

/** Everything that can be read, in order. */
export async function everything(store: CostStore): Promise<unknown> {
  const { sessions } = await store.sessions(1_000, undefined)
  const agents = await store.agents()
  const rows = await store.rows('0000', '9999')
  const scopes = [
    { kind: 'global' },
    { kind: 'provider', id: 'p' },
    { kind: 'model', id: 'p/m0' },
    { kind: 'model', id: 'p/m1' },
    { kind: 'tag', tag: 'team "x"', id: 'é0' },
  ] as const
  const figures = await answers(scopes.map((scope) => store.figures(scope)))
  const windows = await store.posted(
    (['day', 'week', 'month', 'total'] as const).map((window) => ({ scope: { kind: 'global' }, window })),
    day(days.at(-1) ?? '', '2026-03-30'),
  )
  const bill = rows.map((row) => JSON.stringify(row)).toSorted()
  return { sessions, agents: agents.toSorted((a, b) => (a.agent < b.agent ? -1 : 1)), figures, windows, bill }
}
