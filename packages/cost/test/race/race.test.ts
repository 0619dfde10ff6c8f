import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { CostTracker, MemoryStore } from '../../src/index.ts'
import { PostgresStore } from '../../src/postgres/index.ts'
import { figures } from '../figures.ts'
import { long } from '../long.ts'
import { scratch } from '../journal/scratch.ts'
import { hasPostgres, startPostgres } from '../servers/postgres.ts'
import { hasRedis, startRedis } from '../servers/redis.ts'
import { required } from '../servers/required.ts'
import { ask, cost, milliPerToken } from '../setup.ts'
import { race, type Outcome } from './race.ts'

const size = { workers: 4, calls: 1_000, limitUsd: 1, leaseMs: 3_000 }
const at = scratch()
const tell = figures('money', 'Money: limits under a race', 'pnpm test:long money --figures')

describe.skipIf(!long)(
  'to run these: WAYFARE_LONG=1 npx vitest run packages/cost/test/race',
  { timeout: 600_000 },
  () => {
    test(
      'C02 a process that is killed in the middle of a race on Redis costs what it had sent, and no limit breaks (needs redis-server, or REDIS_URL)',
      {
        timeout: 120_000,
        skip: !hasRedis && !required,
      },
      async () => {
        const server = await startRedis()
        try {
          const address = { kind: 'redis', at: server.at, prefix: `race-${process.pid}-${Math.random()}` } as const
          expectHeld('Redis', await race({ ...size, address }))
        } finally {
          await server.stop()
        }
      },
    )

    test(
      'C02 the same on Postgres (needs postgresql, or DATABASE_URL)',
      { skip: !hasPostgres && !required },
      async () => {
        const server = await startPostgres()
        try {
          const pool = server.connect(1)
          await new PostgresStore(pool).migrate()
          await pool.query('truncate wayfare_accounts, wayfare_reservations, wayfare_bill')
          await pool.end()
          expectHeld('Postgres', await race({ ...size, address: { kind: 'postgres', at: server.at } }))
        } finally {
          await server.stop()
        }
      },
    )

    test('C02 the same on SQLite (in Node 24)', async () => {
      const inNode24 = ['-y', 'node@24', '-p', 'process.execPath']
      const node = process.getBuiltinModule('node:sqlite' as 'node:fs')
        ? process.execPath
        : execFileSync('npx', inNode24, { encoding: 'utf8' }).trim()
      expectHeld('SQLite', await race({ ...size, node, address: { kind: 'sqlite', at: at('race.db') } }))
    })

    test('1,000 calls at once in one process, in memory', async () => {
      const store = new MemoryStore()
      const tracker = new CostTracker({ store, pricing: milliPerToken, limits: { global: { hard: size.limitUsd } } })
      let above = 0
      let samples = 0
      const look = (): void => {
        const { posted = 0, pending = 0 } = store.figures({ kind: 'global' }) ?? {}
        samples++
        if (posted + pending > size.limitUsd * 1e9) above++
      }
      let admitted = 0
      await Promise.all(
        Array.from({ length: size.calls }, async (_, i) => {
          const request = ask((1 + (i % 10)) / 1_000)
          const { ok } = await tracker.reserve(request)
          look()
          if (!ok) return
          admitted++
          await tracker.dispatch(request.attemptId)
          await new Promise((resolve) => setTimeout(resolve, i % 7))
          await tracker.settle(request.attemptId, cost(0.0005))
          look()
        }),
      )
      const { pendingUsd } = await tracker.global()
      expect([above, pendingUsd]).toEqual([0, 0])
      tell(
        `Memory, one process: ${admitted} of ${size.calls} calls admitted, ${above} of ${samples} samples above the limit, nothing pending at the end.`,
      )
    })
  },
)

function expectHeld(name: string, outcome: Outcome): void {
  const { samples, above, mostNano, postedNano, pendingNano, billedNano, settledNano, admitted } = outcome
  expect({ above, pendingNano, billedNano }).toEqual({ above: 0, pendingNano: 0, billedNano: postedNano })
  expect(samples).toBeGreaterThan(10)
  // The rest is what the killed one had sent, and was charged for.
  expect(postedNano).toBeGreaterThan(settledNano)
  expect(postedNano).toBeLessThanOrEqual(size.limitUsd * 1e9)
  const usd = (nano: number): string => (nano / 1e9).toFixed(4)
  tell(
    `${name}, ${size.workers} processes, one of them killed: ${size.calls} calls, ${above} of ${samples} samples above the limit of $${size.limitUsd}, at most $${usd(mostNano)} posted and pending, ` +
      `${admitted} calls admitted to the others, which settled $${usd(settledNano)} of $${usd(postedNano)}, the killed one was charged the rest, nothing pending after the sweep.`,
  )
}
