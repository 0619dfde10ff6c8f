import type { RouterEvents } from '@wayfare/core'
import { PriceRegistry } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { earlyUsage } from './kit/interruption.ts'
import {
  WatchedStore,
  askedOutput,
  beyond,
  counted,
  limited,
  outputOnly,
  paidWires,
  perThousandUsd,
  refusalOf,
  tell,
} from './kit/money.ts'
import type { Told } from './kit/money.ts'
import { observe } from './kit/observe.ts'
import { faces, repeat, rescuerOf } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { long } from './kit/turns.ts'
import { providerOf, wireNamed } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const exhausted = { scope: { kind: 'global' }, reason: 'exhausted' }
/** A quarter of what a call sets aside. */
const quarter = { text: 'Hi.', usage: { input: 10, output: 250 } }

describe.each(paidWires)('$name', (wire) => {
  // The store is the same for every wire.
  const room = long || wire === paidWires[0] ? 100 : 20
  test(`B01 ${wire.name}: of ${10 * room} calls at once with room for ${room} so many go, and the others are refused before anything is sent`, async () => {
    const store = new WatchedStore()
    const options = limited({ global: { hard: room / 10 } }, { store })
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const told = await Promise.all(repeat(llm, 10 * room).map((one) => tell(one)))
        const refused = told.filter(({ error }) => error !== undefined)
        expect(refused).toHaveLength(9 * room)
        for (const { error, events } of refused) expectNothingSent({ error: error!, events }, 'in_flight', room / 10)
        expect(emulator.requests).toHaveLength(room)
        // All the room was used, and no more at any instant.
        expect(store.mostUsd).toBe(room / 10)
        expect((await llm.costs.global()).costUsd).toBe(room / 40)
        expect(llm.plan({ messages: 'Hello?' }).skipped).toEqual([])
      },
      options,
    )
  })

  test(`B01 ${wire.name}: calls that may wait share all the money, and never more`, async () => {
    const store = new WatchedStore()
    const options = limited({ global: { hard: 1 } }, { store, onBudget: 'wait' })
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const told = await Promise.all(repeat(llm, 60).map((one) => tell(one)))
        // The last that goes leaves less than a whole call.
        const answered = told.filter(({ response }) => response !== undefined)
        expect(answered).toHaveLength(37)
        for (const { error } of told) if (error !== undefined) expect(refusalOf(error)).toMatchObject(exhausted)
        expect(emulator.requests).toHaveLength(37)
        expect(store.mostUsd).toBeLessThanOrEqual(1)
        expect((await llm.costs.global()).costUsd).toBe(0.925)
      },
      options,
    )
  })

  test(`B01 ${wire.name}: a rule for hard limits leads the rest elsewhere`, async () => {
    const other = rescuerOf(wire)
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        llm.register(providerOf(other, emulator))
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const told = await Promise.all(repeat(llm, 50).map((one) => tell(one, { fallbacks: [beyond('hard', other)] })))
        const providers = told.map(({ response }) => response?.provider)
        expect(providers.filter((name) => name === wire.name)).toHaveLength(10)
        expect(providers.filter((name) => name === other.name)).toHaveLength(40)
        const { events } = told.find(({ response }) => response?.provider === other.name)!
        expect(events.slice(0, 2)).toMatchObject([
          { type: 'attempt_failed', error: { kind: 'budget' }, next: { provider: other.name } },
          { type: 'attempt_start', target: { provider: other.name } },
        ])
      },
      limited({ providers: { [wire.name]: { hard: 1 } } }),
    )
  })

  test(`B02 ${wire.name}: a call beyond a soft limit is told of, once, and goes on`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const raised: RouterEvents['soft_limit'][] = []
        llm.on('soft_limit', (limit) => raised.push(limit))
        const told = [await tell(llm), await tell(llm), await tell(llm)]
        const limit = { scope: { kind: 'global' }, limitUsd: 0.02, spentUsd: 0.025 }
        expect(told.map(({ events }) => events.filter(({ type }) => type === 'soft_limit'))).toEqual([
          [],
          [{ type: 'soft_limit', ...limit }],
          [],
        ])
        expect(raised).toEqual([{ ...limit, first: true }])
        for (const { response } of told) expect(response).toMatchObject({ text: 'Hi.', costUsd: 0.025 })
        expect((await llm.costs.global()).costUsd).toBe(0.075)
      },
      limited({ global: { soft: 0.02 } }),
    )
  })

  test(`B02 ${wire.name}: a rule for soft limits leads to a cheaper target before anything is sent`, async () => {
    const other = rescuerOf(wire)
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        llm.register(providerOf(other, emulator))
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const call = { fallbacks: [beyond('soft', other)] }
        const told = [await tell(llm, call), await tell(llm, call), await tell(llm, call)]
        expect(told.map(({ response }) => response?.provider)).toEqual([wire.name, other.name, other.name])
        expect(emulator.requests.map((request) => request.wire)).toEqual([wire.wire, other.wire, other.wire])
        for (const { response } of told) expect(response?.attempts).toHaveLength(1)
      },
      limited({ global: { soft: 0.02 } }),
    )
  })

  test(`B03 ${wire.name}: a call that sets no maxOutputTokens gets what is left, and cannot cost more`, async () => {
    for (const face of faces) {
      const limits = { global: { hard: 0.05 } }
      const options = { ...limited(limits), maxOutputTokens: undefined }
      // The model writes until it is cut.
      const replies = [await counted(wire, { text: 'And so on', finish: 'length', usage: { input: 10, output: 500 } })]
      const seen = await observe(face, { wire, replies, options })
      expect(askedOutput(seen.requests[0]?.body)).toBe(500)
      expect(seen.response).toMatchObject({ finishReason: 'length', usage: { output: 500 } })
      expect(seen.bookedUsd).toBe(0.05)
    }
  })

  test(`B03 ${wire.name}: where 16 tokens do not fit, nothing is sent`, async () => {
    for (const face of faces) {
      for (const [hard, asked] of [
        [0.0016, 16],
        [0.00159, undefined],
      ] as const) {
        const options = { ...limited({ global: { hard } }), maxOutputTokens: undefined }
        const seen = await observe(face, { wire, replies: [{ text: 'Hi', usage: { input: 1, output: 1 } }], options })
        expect(seen.requests.map(({ body }) => askedOutput(body))).toEqual(asked === undefined ? [] : [asked])
        if (asked === undefined) expectNothingSent({ ...seen, error: seen.error! }, 'too_large', hard)
      }
    }
  })

  test(`B04 ${wire.name}: under a hard limit a model without a price is refused`, async () => {
    for (const face of faces) {
      const options = { prices: new PriceRegistry({ entries: [] }), limits: { global: { hard: 100 } } }
      const seen = await observe(face, { wire, replies: [], options })
      expectNothingSent({ ...seen, error: seen.error! }, 'unpriced', 100)
      expect(seen.error?.message).toContain('whose price is not known; register one, or set allowUnpriced')
      expect(seen.requests).toEqual([])
      expect(seen.waits).toEqual([])
    }
  })

  test(`B04 ${wire.name}: a target with a price takes its place, and allowUnpriced lets it pass`, async () => {
    const other = rescuerOf(wire)
    const prices = new PriceRegistry({ entries: [{ provider: other.name, id: other.model, rates: outputOnly }] })
    const rescued = await observe('events', { wire, replies: [], fallback: other, options: { prices } })
    expect(rescued.response).toMatchObject({ provider: other.name, text: 'Rescued whole.' })
    expect(rescued.requests.map((request) => request.wire)).toEqual([other.wire])
    const allowed = limited({ global: { hard: 100 } }, { pricing: prices, allowUnpriced: true })
    const passed = await observe('events', { wire, replies: [quarter], options: { ...allowed, prices } })
    expect(passed.response).toMatchObject({ text: 'Hi.', pricingSource: 'unknown' })
    expect(passed.response).not.toHaveProperty('costUsd')
    expect(await allowed.costs.global()).toMatchObject({
      costUsd: 0,
      unpriced: 1,
    })
  })

  test(`B05 ${wire.name}: what costs more than was set aside is posted in full, told, and stops the next call`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        // A hidden tool wrote thirty times what was asked for.
        emulator.enqueue(wire.wire, await counted(wire, { text: 'Hi.', usage: { input: 10, output: 30_000 } }))
        const overruns: RouterEvents['budget_overrun'][] = []
        llm.on('budget_overrun', (overrun) => overruns.push(overrun))
        const { response, events } = await tell(llm)
        expect(response).toMatchObject({ text: 'Hi.', finishReason: 'stop', costUsd: 3 })
        expect(events.at(-1)?.type).toBe('finish')
        const { id: attemptId } = response!.attempts[0]!
        expect(overruns).toEqual([{ attemptId, reservedUsd: perThousandUsd, costUsd: 3 }])
        expect(await llm.costs.global()).toMatchObject({ costUsd: 3, pendingUsd: 0 })
        const { error, events: none } = await tell(llm)
        expectNothingSent({ error: error!, events: none }, 'exhausted', 1)
        expect(emulator.requests).toHaveLength(1)
      },
      limited({ global: { hard: 1 } }),
    )
  })

  test(`B06 ${wire.name}: without room for a second try the first failure is told, and its estimate is posted`, async () => {
    const reply = { text: 'One two three four five.', fault: { after: 2, kind: 'reset' } } as const
    for (const face of ['events', 'complete'] as const) {
      const seen = await observe(face, { wire, replies: [reply], options: limited({ global: { hard: 0.1 } }) })
      expect(seen.error).toMatchObject({ kind: 'stream_truncated', partial: { text: 'One two ' } })
      expect(seen.requests).toHaveLength(1)
      expect(causes(seen.error?.cause).map(refusalOf)).toContainEqual({ ...exhausted, limitUsd: 0.1 })
      expect(seen.attempts).toMatchObject([{ kind: 'stream_truncated', usageSource: earlyUsage(wire), billed: 'yes' }])
      expect(seen.bookedUsd).toBeGreaterThan(0)
      expect(seen.events.some(({ type }) => type === 'reset')).toBe(false)
    }
    // With room for two there are two.
    const roomy = limited({ global: { hard: 0.2 } })
    const twice = await observe('events', { wire, replies: [reply, quarter], options: roomy })
    expect(twice.response?.attempts).toHaveLength(2)
  })
})

test('B03 ollama: what costs nothing is neither shrunk nor refused', async () => {
  const wire: Wire = wireNamed('ollama')
  const options = { ...limited({ global: { hard: 0.00001 } }), maxOutputTokens: undefined }
  const seen = await observe('events', { wire, replies: [quarter], options })
  expect(seen.response?.text).toBe('Hi.')
  expect(askedOutput(seen.requests[0]?.body)).toBeUndefined()
})

test('B04 ollama: what costs nothing needs no price', async () => {
  const prices = new PriceRegistry({ entries: [] })
  const seen = await observe('events', { wire: wireNamed('ollama'), replies: [quarter], options: { prices } })
  expect(seen.response).toMatchObject({ text: 'Hi.', costUsd: 0 })
})

function expectNothingSent(
  { error, events }: Required<Pick<Told, 'error' | 'events'>>,
  reason: string,
  limitUsd: number,
): void {
  expect(refusalOf(error)).toEqual({ scope: { kind: 'global' }, limitUsd, reason })
  expect(error).toMatchObject({ kind: 'budget', retryable: false, billed: 'no', attempts: [], costUsd: 0 })
  expect(events.every(({ type }) => type === 'attempt_failed')).toBe(true)
}

/** The cause, and what it holds. */
function causes(cause: unknown): readonly unknown[] {
  const inner = cause instanceof AggregateError ? (cause.errors as unknown[]) : [cause]
  return inner.flatMap((one) => (one instanceof Error && one.cause !== undefined ? [one, ...causes(one.cause)] : [one]))
}
