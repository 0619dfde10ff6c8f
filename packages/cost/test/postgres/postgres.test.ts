import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bill } from '../../src/cli/bill.ts'
import { CostTracker } from '../../src/index.ts'
import { openStore } from '../../src/open/index.ts'
import { PostgresStore } from '../../src/postgres/index.ts'
import { call, granted, limit, order, posting, spent, sums } from '../../src/testing/orders.ts'
import { testStore } from '../../src/testing/index.ts'
import { long } from '../long.ts'
import { hasPostgres, startPostgres, type PostgresServer } from '../servers/postgres.ts'
import { required } from '../servers/required.ts'

describe.skipIf(!long || (!hasPostgres && !required))(
  'postgres (to run it: WAYFARE_LONG=1 npx vitest run packages/cost/test/postgres; needs postgresql, or DATABASE_URL)',
  () => {
    let server: PostgresServer
    let pool: Pool

    const empty = async (): Promise<PostgresStore> => {
      await pool.query('delete from wayfare_accounts; delete from wayfare_reservations; delete from wayfare_bill')
      return new PostgresStore(pool)
    }

    beforeAll(async () => {
      server = await startPostgres()
      pool = server.connect(10)
      await new PostgresStore(pool).migrate()
      await new PostgresStore(pool).migrate()
    }, 60_000)

    afterAll(async () => {
      await pool.end()
      await server.stop()
    })

    testStore({ test, open: async () => ({ store: await empty() }) })

    test('its bill is printed by its address', async () => {
      await empty()
      const opened = await openStore(server.at, { from: import.meta.dirname })
      await new CostTracker({ store: opened.store }).record({ agent: 'a', costUsd: 1.5 })
      await opened.close()
      const asked = { address: server.at, by: ['agent'] as const, as: 'csv' as const }
      const text = await bill({ ...asked, prefix: undefined, from: undefined, to: undefined }, import.meta.dirname)
      expect(text).toContain('a,1.5,0,0,1,1,0,provider')
    })

    test('clients that take statements as `unsafe` are taken, too', async () => {
      await empty()
      const unsafe = async (text: string, values: string[]): Promise<readonly unknown[]> =>
        (await pool.query<Record<string, unknown>>(text, values)).rows
      const store = new PostgresStore({ unsafe })
      await spent(store, 'one', 3)
      expect(await sums(store)).toEqual([3, 0])
    })

    test('many first calls of one new session at once are counted in one account', async () => {
      const store = await empty()
      const limits = [limit(100, { kind: 'session', id: 'a:1' })]
      const asked = Array.from({ length: 30 }, (_, i) => store.reserve(order(`id-${i}`, 10, { limits })))
      const told = await Promise.all(asked)
      expect(told.filter(({ ok }) => ok)).toHaveLength(10)
      expect(await sums(store, { kind: 'session', id: 'a:1' })).toEqual([0, 100])
      expect(await sums(store)).toEqual([0, 100])
    })

    test('calls of many sessions and agents, settled and swept at once, lose nothing and wait for nobody in a ring', async () => {
      const store = await empty()
      const one = async (i: number): Promise<void> => {
        const session = `a${i % 3}:${i % 5}`
        const asked = { call: { ...call, session, agent: session.slice(0, 2) }, leaseMs: i % 4 === 0 ? 0 : 60_000 }
        await granted(store, order(`id-${i}`, 10, asked))
        await store.dispatch(`id-${i}`)
        if (i % 7 === 0) await store.sweep()
        await store.settle(`id-${i}`, posting(3))
      }
      await Promise.all(Array.from({ length: 60 }, (_, i) => one(i)))
      expect(await sums(store)).toEqual([180, 0])
    })
  },
)
