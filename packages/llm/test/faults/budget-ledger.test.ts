import { MemoryStore } from '@wayfare/cost'
import type { CostTracker, CostWarning, Posting } from '@wayfare/cost'
import { PriceRegistry, createLLM } from '@wayfare/llm'
import type { LLM, Provider, ProviderRequest } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { HastyClock } from './kit/clock.ts'
import { beyond, counted, limited, outputOnly, paidWires, perThousandUsd, refusalOf, tell } from './kit/money.ts'
import { observe } from './kit/observe.ts'
import { played, record } from './kit/recording.ts'
import { faces, repeat } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { providerOf, wireNamed } from './kit/wires.ts'

const quarter = { text: 'Hi.', usage: { input: 10, output: 250 } }
const hour = 3_600_000

/** A store whose answer to the first settlements is lost on the way, though it has done its work. */
class Forgetful extends MemoryStore {
  settlements = 0
  #lost = 3

  override settle(id: string, posting: Posting): boolean {
    this.settlements++
    const known = super.settle(id, posting)
    if (this.#lost-- > 0) throw new Error('the connection was lost')
    return known
  }
}

describe.each(paidWires)('$name', (wire) => {
  test(`B07 ${wire.name}: a settlement whose answer is lost is sent again, and posted once (injected)`, async () => {
    const store = new Forgetful()
    const warnings: CostWarning[] = []
    const onWarning = (warning: CostWarning): void => void warnings.push(warning)
    const options = limited({ global: { hard: 1 } }, { store, onWarning })
    const seen = await observe('events', { wire, replies: [await counted(wire, quarter)], options })
    expect(seen.response).toMatchObject({ text: 'Hi.', costUsd: 0.025 })
    expect(store.settlements).toBe(4)
    expect(await options.costs.global()).toMatchObject({ costUsd: 0.025, attempts: 1, messages: 1, pendingUsd: 0 })
    expect([options.costs.ignored, options.costs.unsent, warnings]).toEqual([0, 0, []])
  })

  test(`B07 ${wire.name}: a call that outlives its lease is charged in full, and corrected when it settles (injected)`, async () => {
    // The machine of the store goes on while this one sleeps.
    const clock = new HastyClock()
    const options = limited({ global: { hard: 1 } }, { store: new MemoryStore({ clock }) })
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        emulator.enqueue(wire.wire, await counted(wire, quarter))
        let expired: unknown
        for await (const event of llm.stream({ messages: 'Hello?' })) {
          if (event.type !== 'text_delta' || expired !== undefined) continue
          clock.skip(24 * hour)
          expired = await llm.costs.global()
        }
        expect(expired).toMatchObject({ costUsd: perThousandUsd, pendingUsd: 0 })
        expect(await llm.costs.global()).toMatchObject({ costUsd: 0.025, pendingUsd: 0, attempts: 1, messages: 1 })
      },
      options,
    )
  })

  test(`B09 ${wire.name}: a limit that is lowered below what is spent lets running calls end, and no other begin`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        await tell(llm)
        let lowered = false
        for await (const event of llm.stream({ messages: 'Hello?' })) {
          if (event.type === 'text_delta' && !lowered) {
            llm.costs.setLimits({ kind: 'global' }, { hard: 0.01 })
            lowered = true
            expect(refusalOf((await tell(llm)).error)).toMatchObject({ limitUsd: 0.01, reason: 'too_large' })
          }
          if (event.type === 'finish') expect(event.response).toMatchObject({ text: 'Hi.', costUsd: 0.025 })
        }
        expect(lowered).toBe(true)
        const { error, events } = await tell(llm)
        expect(refusalOf(error)).toMatchObject({ scope: { kind: 'global' }, limitUsd: 0.01 })
        expect(events.some(({ type }) => type === 'attempt_start')).toBe(false)
        expect(emulator.requests).toHaveLength(2)
        expect(await llm.costs.global()).toMatchObject({ costUsd: 0.05, pendingUsd: 0 })
        llm.costs.setLimits({ kind: 'global' }, { hard: 1 })
        expect((await tell(llm)).response?.text).toBe('Hi.')
      },
      limited({ global: { hard: 1 } }),
    )
  })

  test(`B10 ${wire.name}: when the agent's limit refuses, no other scope has moved`, async () => {
    const limits = { global: { hard: 100 }, session: { hard: 10 }, agents: { crew: { hard: 0.05 } } }
    for (const face of faces) {
      const options = limited(limits)
      const seen = await observe(face, { wire, replies: [], options, call: { session: 'crew:7' } })
      expect(refusalOf(seen.error)).toEqual({
        scope: { kind: 'agent', id: 'crew' },
        limitUsd: 0.05,
        reason: 'too_large',
      })
      expect(seen.error).toMatchObject({ retryable: false, billed: 'no', costUsd: 0, attempts: [] })
      expect(seen.requests).toEqual([])
      await expectUntouched(options.costs)
    }
  })

  test(`B10 ${wire.name}: a free target may take its place, and other agents are not stopped`, async () => {
    const free = wireNamed('ollama')
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        llm.register(providerOf(free, emulator))
        const call = { session: 'crew:7', fallbacks: [beyond('hard', free)] }
        expect((await tell(llm, call)).response).toMatchObject({ provider: 'ollama', costUsd: 0 })
        expect(emulator.requests.map((request) => request.wire)).toEqual(['ollama'])
        expect((await tell(llm, { session: 'staff:7' })).response?.provider).toBe(wire.name)
      },
      limited({ session: { hard: 10 }, agents: { crew: { hard: 0.05 } } }),
    )
  })

  test(`B11 ${wire.name}: a price that changes during the call is paid by the next one`, async () => {
    const prices = new PriceRegistry({ entries: [{ id: wire.model, rates: outputOnly }] })
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        const reply = await counted(wire, quarter)
        emulator.answer(wire.wire, () => reply)
        const overruns: unknown[] = []
        llm.on('budget_overrun', (overrun) => overruns.push(overrun))
        const costs: unknown[] = []
        for (const dearer of [true, false]) {
          for await (const event of llm.stream({ messages: 'Hello?' })) {
            if (event.type === 'text_delta' && dearer)
              prices.register({ id: wire.model, rates: { input: 0, output: 1_000 } })
            if (event.type === 'finish') costs.push(event.response.costUsd)
          }
        }
        expect(costs).toEqual([0.025, 0.25])
        expect(overruns).toEqual([])
        expect((await llm.costs.global()).costUsd).toBe(0.275)
      },
      { ...limited({ global: { hard: 5 } }, { pricing: prices }), prices },
    )
  })
})

test('B07 cost: settlements that are repeated, or that nobody waits for, change nothing and are told', async () => {
  const warnings: CostWarning[] = []
  const { costs } = limited({ global: { hard: 1 } }, { onWarning: (warning) => warnings.push(warning) })
  const llm = createLLM({ providers: [reporting(0.1)], model: 'teller/m', costs, maxOutputTokens: 1_000 })
  const { attempts } = await llm.complete({ messages: 'Hello?' })
  const { id, usage, pricingSource } = attempts[0]!
  const settlement = { costUsd: 0.9, usage, pricingSource, usageSource: 'reported', message: true } as const
  for (const again of [id, id, 'nobody']) await costs.settle(again, settlement)
  await costs.void(id)
  expect(() => costs.dispatch('nobody')).toThrow('is no more')
  expect(await costs.global()).toMatchObject({ costUsd: 0.1, attempts: 1, messages: 1, pendingUsd: 0 })
  expect(costs.ignored).toBe(3)
  expect(warnings).toMatchObject([{ code: 'unknown_attempt', message: expect.stringContaining(id) }])
  await llm.close()
})

test('B11 pricing: a price list that turns at midnight is read as of the start of the call (injected)', async () => {
  const clock = new HastyClock()
  const tomorrow = new Date(Math.ceil(clock.date().getTime() / (24 * hour)) * 24 * hour)
  const changes = [{ ...outputOnly, output: 1_000, from: tomorrow.toISOString().slice(0, 10) }]
  const prices = new PriceRegistry({ entries: [{ id: 'm', rates: outputOnly, changes }] })
  const midnight: Provider = {
    name: 'teller',
    async *chat() {
      clock.skip(24 * hour)
      yield [
        { type: 'text_delta', text: 'Hi.' },
        { type: 'usage', usage: { input: 10, output: 250 } },
        { type: 'finish', reason: 'stop' },
      ]
    },
  }
  const llm = createLLM({ providers: [midnight], model: 'teller/m', clock, prices, timeout: 48 * hour })
  const costs: unknown[] = []
  for (const _ of [1, 2]) costs.push((await llm.complete({ messages: 'Hello?' })).costUsd)
  expect(costs).toEqual([0.025, 0.25])
  await llm.close()
})

test('B12 cost: two thousand calls of a millionth of a dollar are two thousandths, to the nano-USD', async () => {
  const llm = tiny()
  await Promise.all(repeat(llm, 2_000).map((one) => one.complete({ messages: 'x', session: 's' })))
  expect(await llm.costs.global()).toMatchObject({ costUsd: 0.002, attempts: 2_000, pendingUsd: 0 })
  expect((await llm.costs.session('s')).costUsd).toBe(0.002)
  await llm.close()
})

/** A million in the long run. */
const settlements = process.env['WAYFARE_LONG'] === undefined ? 50_000 : 1_000_000

test(`B12 cost: ${settlements.toLocaleString('en')} settlements on top of a thousand dollars drown in nothing`, async () => {
  const sent: ProviderRequest[] = []
  const llm = tiny((request) => sent.push(request))
  const { costs } = llm
  // A milliard calls of a thousand nano-USD.
  await costs.record({ session: 's', costUsd: 1_000 })
  const { usage } = await llm.complete({ messages: 'x', session: 's' })
  const reservation = {
    attemptId: 'again',
    provider: 'teller',
    model: 'm',
    session: 's',
    request: sent[0]!,
    free: true,
    leaseMs: hour,
    signal: new AbortController().signal,
  }
  const settlement = {
    costUsd: 0.000001,
    pricingSource: 'provider',
    usage,
    usageSource: 'reported',
    message: true,
  } as const
  for (let call = 1; call < settlements; call++) {
    void costs.reserve(reservation)
    void costs.settle('again', settlement)
  }
  const spentUsd = 1_000 + settlements / 1e6
  expect(await costs.global()).toMatchObject({ costUsd: spentUsd, attempts: settlements + 1, pendingUsd: 0 })
  expect((await costs.session('s')).costUsd).toBe(spentUsd)
  await costs.record({ session: 's', costUsd: 1e-9 })
  expect((await costs.global()).costUsd).toBe(spentUsd + 1e-9)
  await llm.close()
})

describe('B13', () => {
  const wire = wireNamed('openrouter')
  const listedUsd = 0.025
  const notMoney = ['the reported cost is not an amount of money']
  const dear = ['the reported cost is ten times the listed price, or more']

  test.each<[json: string, costUsd: number, source: string, told: readonly string[]]>([
    ['-0.5', listedUsd, 'registry', notMoney],
    ['"NaN"', listedUsd, 'registry', notMoney],
    ['1e400', listedUsd, 'registry', notMoney],
    ['0.25', 0.25, 'provider', dear],
    ['0.2499', 0.2499, 'provider', []],
    ['0', 0, 'provider', []],
    ['null', listedUsd, 'registry', []],
  ])('B13 openrouter: a reported cost of %s', async (json, costUsd, source, told) => {
    const prices = new PriceRegistry({ entries: [{ provider: wire.name, id: wire.model, rates: outputOnly }] })
    const events = await record(wire, { ...quarter, costUsd: 0.0123 })
    const reply = played(
      wire,
      events.map((event) => event.replace('0.0123', json)),
    )
    for (const face of faces) {
      const anomalies: string[] = []
      const seen = await observe(face, { wire, replies: [reply], options: { prices }, listen: listenTo(anomalies) })
      expect(seen.response).toMatchObject({ text: 'Hi.', finishReason: 'stop', costUsd, pricingSource: source })
      expect(seen.bookedUsd).toBe(costUsd)
      expect(anomalies).toEqual(told)
    }
  })
})

function listenTo(anomalies: string[]): (llm: LLM) => void {
  return (llm) => void llm.on('usage_anomaly', ({ problem }) => anomalies.push(problem))
}

/** No scope has a cent, a session or an agent. */
async function expectUntouched(costs: CostTracker): Promise<void> {
  expect(await costs.global()).toMatchObject({ costUsd: 0, pendingUsd: 0, attempts: 0 })
  expect((await costs.sessions()).sessions).toEqual([])
  expect(await costs.agents()).toEqual([])
  expect((await costs.report({ by: ['day'] })).rows).toEqual([])
}

function reporting(reportedUsd: number, see?: (request: ProviderRequest) => void): Provider {
  return {
    name: 'teller',
    async *chat(request) {
      see?.(request)
      yield [
        { type: 'text_delta', text: 'Hi.' },
        { type: 'usage', usage: { input: 1, output: 1 }, reportedUsd },
        { type: 'finish', reason: 'stop' },
      ]
    },
  }
}

function tiny(see?: (request: ProviderRequest) => void): LLM {
  return createLLM({
    providers: [reporting(0.000001, see)],
    model: 'teller/m',
    limits: { global: { hard: 5_000 } },
    prices: new PriceRegistry({ entries: [], fallbackRate: outputOnly }),
    maxOutputTokens: 16,
  })
}
