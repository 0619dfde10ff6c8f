import { describe, expect, test } from 'vitest'
import { PriceConfigError, PriceRegistry } from '../../src/index.ts'
import { fromModelsDev, refresh, type RefreshOptions } from '../../src/loaders/index.ts'
import { usage } from '../usage.ts'

const url = 'https://catalogue.example/api.json'

/** A catalogue of so many models at one price. */
function catalogue(input: number, models = 10): unknown {
  const rows = Array.from({ length: models }, (_, i) => [`m${i}`, { cost: { input, output: 1 } }] as const)
  return { v: { models: Object.fromEntries(rows) } }
}

/** A registry, a server whose next answers are given, and a clock. */
function stage() {
  const prices = new PriceRegistry({ entries: [{ provider: 'v', id: 'm0', rates: { input: 1, output: 1 } }] })
  const answers: (() => Response | Promise<Response>)[] = []
  const requests: { readonly url: string; readonly init: RequestInit }[] = []
  let time = 0
  const options: RefreshOptions = {
    url,
    read: fromModelsDev,
    now: () => time,
    fetch: async (input, init = {}) => {
      requests.push({ url: input instanceof Request ? input.url : String(input), init })
      const answer = answers.shift()
      if (answer === undefined) throw new TypeError('fetch failed')
      return answer()
    },
  }
  return {
    prices,
    answers,
    requests,
    wait: (ms: number) => (time += ms),
    run: (more: Partial<RefreshOptions> = {}) => refresh(prices, { ...options, ...more }),
    costUsd: () => prices.price({ provider: 'v', model: 'm0', usage: usage({ input: 1e6 }) }),
  }
}

const json =
  (body: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { headers })

test('a catalogue that was fetched goes before the price list', async () => {
  const { run, answers, costUsd, prices, requests } = stage()
  answers.push(json(catalogue(3)))
  expect(await run()).toEqual({ status: 'loaded', entries: 10, skipped: [] })
  expect(costUsd()).toMatchObject({ usd: 3, source: 'live' })
  expect(prices.info().live).toMatchObject([{ source: url, entries: 10, stale: false }])
  expect(requests).toMatchObject([{ url, init: { redirect: 'error' } }])
})

test('what is young is not fetched again, and what is old is', async () => {
  const { run, answers, costUsd, wait, requests } = stage()
  answers.push(json(catalogue(3)), json(catalogue(4)))
  await run({ ttlMs: 1_000 })
  wait(999)
  expect(await run({ ttlMs: 1_000 })).toEqual({ status: 'unchanged' })
  expect(requests).toHaveLength(1)
  wait(1)
  expect(await run({ ttlMs: 1_000 })).toMatchObject({ status: 'loaded' })
  expect(costUsd().usd).toBe(4)
})

test('a server that says "not modified" is believed', async () => {
  const { run, answers, costUsd, requests } = stage()
  answers.push(json(catalogue(3), { etag: '"1"' }), () => new Response(null, { status: 304 }))
  await run()
  expect(await run({ ttlMs: 0 })).toEqual({ status: 'unchanged' })
  expect(new Headers(requests[1]?.init.headers).get('if-none-match')).toBe('"1"')
  expect(costUsd().usd).toBe(3)
})

describe('whatever fails, the old prices stay', () => {
  test.each<[string, () => Response | Promise<Response>, RegExp]>([
    ['no connection', () => Promise.reject(new TypeError('fetch failed')), /fetch failed/],
    ['status 500', () => new Response('oops', { status: 500 }), /status 500/],
    ['a page', () => new Response('<html>'), /JSON/],
    ['another document', json([1, 2]), /not the catalogue/],
    ['no prices', json({ v: { models: { a: {} } } }), /no model with a price/],
    ['a catalogue that shrank', json(catalogue(9, 6)), /shrank from 10 models to 6/],
    ['zero prices only', json(catalogue(0, 0)), /no model/],
  ])('%s', async (_, answer, reason) => {
    const { run, answers, costUsd, requests } = stage()
    answers.push(json(catalogue(3)), answer, json(catalogue(5)))
    await run()
    const refreshed = await run({ ttlMs: 0 })
    expect(refreshed).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(reason) } })
    expect(costUsd()).toMatchObject({ usd: 3, source: 'live' })
    expect(await run({ ttlMs: 0 })).toMatchObject({ status: 'loaded' })
    expect(costUsd().usd).toBe(5)
    expect(requests).toHaveLength(3)
  })

  test('a first fetch that fails leaves the price list', async () => {
    const { run, costUsd } = stage()
    expect(await run()).toMatchObject({ status: 'failed' })
    expect(costUsd()).toMatchObject({ usd: 1, source: 'registry' })
  })

  test('a body without end', async () => {
    const { run, answers, costUsd } = stage()
    const chunk = new Uint8Array(8 * 1_048_576).fill(32)
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) })
    answers.push(() => new Response(body))
    expect(await run()).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('16 MiB') } })
    expect(costUsd().usd).toBe(1)
  })

  test('a caller who gives up', async () => {
    const { run, costUsd } = stage()
    const controller = new AbortController()
    const waiting: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('given up')))
      })
    const refreshed = run({ signal: controller.signal, fetch: waiting })
    controller.abort(new Error('given up'))
    expect(await refreshed).toMatchObject({ status: 'failed', error: { message: 'given up' } })
    expect(costUsd().usd).toBe(1)
  })
})

test('refreshes that run at once are one', async () => {
  const { run, answers, requests } = stage()
  answers.push(json(catalogue(3)))
  const all = await Promise.all([run(), run(), run()])
  expect(all.map(({ status }) => status)).toEqual(['loaded', 'loaded', 'loaded'])
  expect(requests).toHaveLength(1)
})

test('a caller who gives up leaves the others what they wait for', async () => {
  const { run, answers, costUsd, requests } = stage()
  let answer: (response: Response) => void = () => undefined
  answers.push(() => new Promise((resolve) => (answer = resolve)))
  const first = new AbortController()
  const gone = run({ signal: first.signal })
  const stays = run()
  const last = new AbortController()
  const alsoGone = run({ signal: last.signal })
  first.abort(new Error('given up'))
  last.abort(new Error('me too'))
  expect(await gone).toMatchObject({ status: 'failed', error: { message: 'given up' } })
  expect(await alsoGone).toMatchObject({ status: 'failed', error: { message: 'me too' } })
  expect(requests[0]?.init.signal?.aborted).toBe(false)
  answer(Response.json(catalogue(3)))
  expect(await stays).toMatchObject({ status: 'loaded' })
  expect(costUsd().usd).toBe(3)
  expect(requests).toHaveLength(1)
})

test('a fetch that nobody waits for any more is ended, and does not stand in the way of the next', async () => {
  const { run, answers, costUsd, requests } = stage()
  let late: (response: Response) => void = () => undefined
  answers.push(() => new Promise((resolve) => (late = resolve)), json(catalogue(4)))
  const controllers = [new AbortController(), new AbortController()]
  const gone = controllers.map(({ signal }) => run({ signal }))
  for (const controller of controllers) controller.abort()
  await Promise.all(gone)
  expect(requests[0]?.init.signal?.aborted).toBe(true)
  expect(await run()).toMatchObject({ status: 'loaded' })
  late(Response.json(catalogue(9)))
  await new Promise((resolve) => setImmediate(resolve))
  expect(costUsd().usd).toBe(4)
  expect(await run({ signal: AbortSignal.abort(), ttlMs: 0 })).toMatchObject({ status: 'failed' })
})

test('a catalogue that was taken out of the registry is fetched again, whole', async () => {
  const { run, answers, costUsd, prices, requests } = stage()
  answers.push(json(catalogue(3), { etag: '"1"' }), json(catalogue(4, 2)))
  await run()
  prices.setLive(url, undefined)
  expect(await run()).toMatchObject({ status: 'loaded', entries: 2 })
  expect(new Headers(requests[1]?.init.headers).has('if-none-match')).toBe(false)
  expect(costUsd().usd).toBe(4)
})

test.each(['http://catalogue.example/', 'file:///etc/passwd', 'no url', 'ftp://x/'])('%s is refused', async (bad) => {
  const { run, requests } = stage()
  await expect(run({ url: bad })).rejects.toThrow(PriceConfigError)
  expect(requests).toEqual([])
})

test('calls under way keep the prices they began with', async () => {
  const { run, answers, prices } = stage()
  const pinned = prices.pin()
  answers.push(json(catalogue(3)))
  await run()
  expect(pinned.price({ provider: 'v', model: 'm0', usage: usage({ input: 1e6 }) }).usd).toBe(1)
})
