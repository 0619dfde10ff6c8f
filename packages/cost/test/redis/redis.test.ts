import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CostTracker } from '../../src/index.ts'
import { RedisStore } from '../../src/redis/index.ts'
import { call, ended, granted, order, posting, spent, sums, today } from '../../src/testing/orders.ts'
import { testStore } from '../../src/testing/index.ts'
import { hasRedis, startRedis, type RedisServer } from '../servers/redis.ts'
import { required } from '../servers/required.ts'
import { ask, milliPerToken } from '../setup.ts'

describe.skipIf(!hasRedis && !required)('redis (needs redis-server, or REDIS_URL)', () => {
  let server: RedisServer
  let client: Redis
  let ledgers = 0
  const run = `${process.pid}-${Math.random()}`
  const prefix = (): string => `test-${run}-${ledgers++}`

  beforeAll(async () => {
    server = await startRedis()
    client = server.connect()
  })

  afterAll(async () => {
    client.disconnect()
    await server.stop()
  })

  testStore({ test, open: async () => ({ store: new RedisStore(client, { prefix: prefix() }) }) })

  test('clients that send commands as lists are taken, too', async () => {
    const listing = {
      async sendCommand([command = '', ...args]: string[]): Promise<unknown> {
        return client.call(command, ...args)
      },
    }
    const store = new RedisStore(listing, { prefix: prefix() })
    await spent(store, 'one', 3)
    expect(await sums(store)).toEqual([3, 0])
  })

  test('a server that has forgotten the scripts is told them again', async () => {
    const store = new RedisStore(client, { prefix: prefix() })
    await spent(store, 'one', 3)
    await client.script('FLUSH')
    await spent(store, 'two', 4)
    expect(await sums(store)).toEqual([7, 0])
  })

  test('all keys of a ledger carry its name in braces, and ledgers do not touch', async () => {
    const [one, two] = [prefix(), prefix()]
    await spent(new RedisStore(client, { prefix: one }), 'id', 3)
    expect(await sums(new RedisStore(client, { prefix: two }))).toEqual([0, 0])
    const keys = await client.keys(`*${one}*`)
    expect(keys.length).toBeGreaterThan(5)
    expect(keys.every((key) => key.startsWith(`{${one}}:`))).toBe(true)
    expect(() => new RedisStore(client, { prefix: 'a}b' })).toThrow('has braces')
  })

  test.each(['ledger', 'due'])(
    'D05 when the server has lost "%s", nothing is granted until that is accepted',
    async (key) => {
      const name = prefix()
      const store = new RedisStore(client, { prefix: name })
      await spent(store, 'one', 3)
      await client.del(`{${name}}:${key}`)
      for (const each of [store, new RedisStore(client, { prefix: name })]) {
        const refused = expect.objectContaining({ name: 'CostStoreError', kind: 'store', retryable: false })
        await expect(each.reserve(order('two', 1))).rejects.toEqual(refused)
        await expect(each.settle('one', posting(1))).rejects.toThrow('acceptLoss')
      }
      await store.acceptLoss()
      await granted(store, order('two', 1))
      expect(await sums(store)).toEqual([key === 'ledger' ? 0 : 3, 1])
    },
  )

  test('D05 what was set aside ends by its lease though the deadlines were lost', async () => {
    const name = prefix()
    const store = new RedisStore(client, { prefix: name })
    await granted(store, order('living', 2))
    await granted(store, order('sent', 4, ended))
    await store.dispatch('sent')
    await client.del(`{${name}}:due`)
    await store.acceptLoss()
    expect(await store.sweep()).toBe(1)
    expect(await sums(store)).toEqual([4, 2])
  })

  test('D05 a ledger that is gone as a whole is missed by whoever knew it, and a new one for others', async () => {
    const name = prefix()
    const store = new RedisStore(client, { prefix: name })
    await spent(store, 'one', 3)
    await client.del(await client.keys(`{${name}}:*`))
    await expect(store.reserve(order('two', 1))).rejects.toThrow('has lost a part of the ledger')
    await granted(new RedisStore(client, { prefix: name }), order('three', 1))
    await expect(store.reserve(order('two', 1))).rejects.toThrow('has lost a part of the ledger')
    await store.acceptLoss()
    await granted(store, order('two', 1))
  })

  test("D04 what a failover lost is posted again from a log of one's own, once, by id", async () => {
    const name = prefix()
    const store = new RedisStore(client, { prefix: name })
    const log: { readonly id: string; readonly nano: number }[] = []
    const settle = async (id: string, nano: number): Promise<void> => {
      await store.settle(id, posting(nano))
      log.push({ id, nano })
    }
    for (const id of ['one', 'two', 'three']) {
      await granted(store, order(id, 10))
      await store.dispatch(id)
    }
    await settle('one', 1)
    const replica = await Promise.all(
      (await client.keys(`{${name}}:*`)).map(async (key) => [key, await client.dumpBuffer(key)] as const),
    )
    await settle('two', 2)
    await spent(store, 'four', 8)
    log.push({ id: 'four', nano: 8 })
    for (const [key, dump] of replica) await client.restore(key, 0, dump, 'REPLACE')
    expect(await sums(store)).toEqual([1, 20])
    const told: boolean[] = []
    for (const { id, nano } of [...log, ...log])
      told.push(await store.record({ id, call, posting: posting(nano), calendarAt: today }))
    expect(told).toEqual([false, true, true, false, false, false])
    expect(await sums(store)).toEqual([11, 10])
  })

  test.skipIf(process.env['REDIS_URL'] !== undefined)(
    'D01 D03 a server that stands still refuses the call; when it goes on, there is one reservation',
    async () => {
      const hurried = { timer: (ms: number, fire: () => void) => asTimer(setTimeout(fire, ms / 20)) }
      const clock = { date: () => new Date(), now: () => performance.now(), ...hurried }
      const store = new RedisStore(client, { prefix: prefix() })
      const tracker = new CostTracker({ store, clock, pricing: milliPerToken, limits: { global: { hard: 10 } } })
      await tracker.global()
      const one = ask(4)
      server.pause()
      await expect(tracker.reserve(one)).rejects.toThrow('did not answer')
      server.resume()
      // The first may be on its way still, or done.
      expect(await store.reserve(order(one.attemptId, 4e9))).toMatchObject({ ok: true, amount: 4e9 })
      expect(await sums(store)).toEqual([0, 4e9])
    },
  )

  test('the bill keeps this year and the last', async () => {
    const store = new RedisStore(client, { prefix: prefix() })
    const on = (name: string) => ({ calendarAt: () => ({ ...day0, day: name }) })
    const day0 = { day: '', week: 'w', month: 'm', dayStarts: 0, dayEnds: 8e15, weekEnds: 8e15, monthEnds: 8e15 }
    for (const name of ['2024-12-31', '2025-01-01', '2026-01-01']) await spent(store, name, 1, on(name))
    expect((await store.rows('0000', '9999')).map((row) => row.day)).toEqual(['2025-01-01', '2026-01-01'])
    expect(await sums(store)).toEqual([3, 0])
  })
})

function asTimer(timer: ReturnType<typeof setTimeout>): { clear(): void } {
  return { clear: () => clearTimeout(timer) }
}
