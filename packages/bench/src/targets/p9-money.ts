import { MemoryStore, type CalendarAt, type ScopeLimit } from '@wayfare/cost'
import { PriceRegistry } from '@wayfare/pricing'
import { compare, type Work } from '../compare.ts'
import { model } from '../client.ts'
import { priceClients } from '../peers/prices.ts'
import { redisFigures } from '../redis.ts'
import type { Row } from '../row.ts'
import { serve, type Scale } from '../target.ts'

const times = 10_000
const bare = 'id, clock and Map'
const usage = { input: 1_200, cacheRead: 800, cacheWrite: 0, cacheWrite1h: 0, output: 350, reasoning: 0, total: 2_350 }

serve('P9', async (scale, say) => {
  say('prices')
  const prices = await priceRow(scale)
  say('the ledger in memory')
  const ledger = await ledgerRow(scale)
  say('Redis')
  const redis = await redisFigures(scale)
  const rows = [prices, ledger, ...(redis === undefined ? [] : [redis.row])]
  const floor = `in memory: ${bare} are an id that is made, a clock that is read and a Map that is asked four times, which no ledger does without`
  return { rows, notes: [floor, ...(redis?.notes ?? ['there is no redis-server here: not measured'])] }
})

async function priceRow(scale: Scale): Promise<Row> {
  const registry = new PriceRegistry()
  const names = Array.from({ length: 1_000 }, (_, i) => `model-${i}`)
  const map = new Map(names.map((name, i) => [name, i]))
  const at = Date.now()
  const priced = registry.price({ provider: 'openai', model, usage, at })
  if (!priced.priced) throw new Error(`${model} has no price`)
  const peers = await priceClients(usage)
  const work = Object.entries(peers).map(([name, price]): readonly [string, Work] => [name, repeated(price)])
  const figures = await compare(
    {
      // As the router asks: it knows when the attempt began.
      ours: repeated(() => registry.price({ provider: 'openai', model, usage, at }).usd ?? 0),
      'ours without a time': repeated(() => registry.price({ provider: 'openai', model, usage }).usd ?? 0),
      'Date.now': repeated(() => Date.now() % 2),
      'Map.get': repeated((i) => map.get(names[i % 1_000]!) ?? 0),
      ...Object.fromEntries(work),
    },
    scale,
  )
  return { title: 'a price that was looked up before, and the cost', unit: 'ns', figures, goals: [{ atMost: 100 }] }
}

async function ledgerRow(scale: Scale): Promise<Row> {
  const store = new MemoryStore()
  const calendarAt = oneDay()
  const limits = fourLimits()
  const call = { provider: 'openai', model, session: 'bench:1', agent: 'bench' }
  let id = 0
  const map = new Map<string, { readonly now: number; readonly i: number }>()
  const figures = await compare(
    {
      ours: repeated(() => {
        const attempt = `attempt-${id++}`
        void store.reserve({ id: attempt, call, amount: 1_000, least: 1, limits, calendarAt, leaseMs: 60_000 })
        void store.dispatch(attempt)
        void store.settle(attempt, posting)
        return 1
      }),
      [bare]: repeated((i) => {
        const attempt = `attempt-${id++}`
        const now = performance.now()
        if (map.get(attempt) !== undefined) return NaN
        map.set(attempt, { now, i })
        const sum = map.get(attempt)!.now + map.get(attempt)!.i
        map.delete(attempt)
        return sum
      }),
    },
    scale,
  )
  return {
    title: 'reserve, dispatch and settle in four scopes, in memory',
    unit: 'ns',
    figures,
    goals: [{ atMost: 500 }],
    least: bare,
  }
}

const posting = { nano: 900, inputTokens: 1_200, outputTokens: 350, message: true, source: 'registry' } as const

function repeated(once: (i: number) => number): Work {
  return () => {
    let sum = 0
    for (let i = 0; i < times; i++) sum += once(i)
    if (Number.isNaN(sum)) throw new Error('a figure is none')
    return times
  }
}

function fourLimits(): readonly ScopeLimit[] {
  return [
    { scope: { kind: 'global' }, window: 'month', hard: 1e15 },
    { scope: { kind: 'session', id: 'bench:1' }, window: 'total', hard: 1e15 },
    { scope: { kind: 'agent', id: 'bench' }, window: 'day', hard: 1e15 },
    { scope: { kind: 'provider', id: 'openai' }, window: 'month', hard: 1e15 },
  ]
}

function oneDay(): CalendarAt {
  const dayStarts = Date.now()
  const calendar = {
    day: '2026-01-01',
    week: '2025-12-29',
    month: '2026-01',
    dayStarts,
    dayEnds: dayStarts + 86_400_000,
    weekEnds: dayStarts + 86_400_000,
    monthEnds: dayStarts + 86_400_000,
  }
  return () => calendar
}
