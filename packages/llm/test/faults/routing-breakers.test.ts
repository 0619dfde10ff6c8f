import type { Failure } from '@wayfare/emulator'
import { LLMError } from '@wayfare/llm'
import type { Attempt, ChatCall, LLM, Provider } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { ManualClock } from './kit/manual-clock.ts'
import { tell } from './kit/money.ts'
import { repeat, rescuerOf } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { long } from './kit/turns.ts'
import { providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

/** A failure is a failure: nothing is tried twice. */
const once = { trigger: 'error', action: 'wait_and_retry', maxRetries: 0 } as const
/** Ids that differ, for calls at once. */
const random = { random: undefined }

describe.each(wires)('$name', (wire) => {
  const crowd = long || wire === wires[0] ? 101 : 31
  const other = rescuerOf(wire)
  const fallbacks = [`${other.name}/${other.model}`]

  test.each([
    ['the first', [wire, other]],
    ['the second', [other, wire]],
  ] as const)(
    `R01 ${wire.name}: with every target open a call fails at once; %s is open again first`,
    async (_, order) => {
      await onStage(wire, async ({ emulator, llm, clock }) => {
        llm.register(providerOf(other, emulator))
        for (const broken of order) {
          emulator.answer(broken.wire, () => ({ error: 'server' }))
          for (let call = 0; call < 5; call++) await tell(llm, { model: modelOf(broken), fallbacks: [once] })
          clock.skip(5_000)
        }
        emulator.reset()
        const { error, events } = await tell(llm, { fallbacks })
        const facts = { kind: 'circuit_open', code: 'server', retryable: false, billed: 'no', attempts: [], costUsd: 0 }
        expect(error).toMatchObject({ ...facts, provider: wire.name, model: wire.model })
        expect(events.map(({ type }) => type)).toEqual(['attempt_failed'])
        expect(emulator.requests).toEqual([])
        expect(clock.waits).toEqual([])
        // Fifteen seconds, of which ten had gone by for the first.
        const { retryAfterMs = NaN } = error!
        expect(retryAfterMs).toBeGreaterThan(0)
        expect(retryAfterMs).toBeLessThanOrEqual(5_000)
        clock.skip(retryAfterMs)
        expect((await tell(llm, { fallbacks })).response?.provider).toBe(order[0].name)
      })
    },
  )

  test(`R01 ${wire.name}: with every target cooling for longer than a minute a call fails at once`, async () => {
    await onStage(wire, async ({ emulator, llm, clock }) => {
      llm.register(providerOf(other, emulator))
      emulator.enqueue(wire.wire, { error: 'rate_limit', retryAfter: '300' })
      emulator.enqueue(other.wire, { error: 'rate_limit', retryAfter: '120' })
      expect((await tell(llm, { fallbacks })).error?.kind).toBe('rate_limit')
      const sent = emulator.requests.length
      const { error, events } = await tell(llm, { fallbacks })
      expect(error).toMatchObject({ kind: 'circuit_open', code: 'rate_limit', attempts: [], billed: 'no', costUsd: 0 })
      expect(error?.retryAfterMs).toBeGreaterThan(60_000)
      expect(error?.retryAfterMs).toBeLessThanOrEqual(120_000)
      expect(events.map(({ type }) => type)).toEqual(['attempt_failed'])
      expect(emulator.requests).toHaveLength(sent)
      expect(clock.waits).toEqual([])
    })
  })

  test(`R02 ${wire.name}: of a minute's calls on a dead provider few reach it; the fallback answers all`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm, clock }) => {
        llm.register(providerOf(other, emulator))
        emulator.answer(wire.wire, () => ({ error: 'server' }))
        await minute(clock, long ? 150 : 60, async () =>
          expect((await tell(llm, { fallbacks })).response?.provider).toBe(other.name),
        )
        const dead = emulator.requests.filter((request) => request.wire === wire.wire)
        expect(dead.length).toBeGreaterThanOrEqual(5)
        expect(dead.length).toBeLessThanOrEqual(60)
      },
      { clock: new ManualClock() },
    )
  })

  test(`R02 ${wire.name}: when the breaker does not help the retry quota does: no more than 20 retries in all`, async () => {
    await onStage(wire, async ({ emulator, llm }) => {
      emulator.answer(wire.wire, () => ({ error: 'server' }))
      await expectFewRetries(llm, 40, 1, wire)
      expect(emulator.requests).toHaveLength(60)
    })
  })

  test(`R03 ${wire.name}: one call of ${crowd} tries a target that was open, and the fallback answers the others`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm, clock }) => {
        llm.register(providerOf(other, emulator))
        const states = await halfOpen(wire, llm, clock, (reply) => emulator.answer(wire.wire, () => reply))
        emulator.reset()
        emulator.answer(wire.wire, () => ({ text: 'Back.', delayMs: 50 }))
        const told = await Promise.all(repeat(llm, crowd).map((one) => tell(one, { fallbacks })))
        const providers = told.map(({ response }) => response?.provider)
        expect(providers.filter((name) => name === wire.name)).toHaveLength(1)
        expect(providers.filter((name) => name === other.name)).toHaveLength(crowd - 1)
        expect(emulator.requests.filter((request) => request.wire === wire.wire)).toHaveLength(1)
        expect(states).toEqual(['open', 'half_open'])
      },
      random,
    )
  })

  test(`R03 ${wire.name}: without a fallback the others fail at once`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm, clock }) => {
        await halfOpen(wire, llm, clock, (reply) => emulator.answer(wire.wire, () => reply))
        emulator.reset()
        emulator.answer(wire.wire, () => ({ text: 'Back.', delayMs: 50 }))
        const kinds: unknown[] = []
        let answered = 0
        const calls = repeat(llm, crowd).map(async (one) => {
          const { response, error } = await tell(one)
          if (response === undefined) kinds.push(error?.kind)
          // They did not wait for the news of the probe.
          else expect(kinds).toEqual(repeat('circuit_open', crowd - 1))
          if (response !== undefined) answered++
        })
        await Promise.all(calls)
        expect(answered).toBe(1)
        expect(emulator.requests).toHaveLength(1)
        expect(clock.waits).toEqual([])
        // And the second success closes it.
        await tell(llm)
        const told = await Promise.all(repeat(llm, 20).map((one) => tell(one)))
        expect(told.every(({ response }) => response !== undefined)).toBe(true)
      },
      random,
    )
  })
})

/** The row's numbers in the long run. */
const manyCalls = long ? 10_000 : 1_000
const manyModels = long ? 300 : 100

test(`R02 openai-compatible: ${manyCalls.toLocaleString('en')} calls in a minute, and at most 60 requests`, async () => {
  const wire = wireNamed('openai-compatible')
  await onStage(
    wire,
    async ({ emulator, llm, clock }) => {
      emulator.answer(wire.wire, () => ({ error: 'server' }))
      const kinds = new Map<unknown, number>()
      await minute(clock, manyCalls, async () => {
        const error: unknown = await llm.complete({ messages: 'Hello?' }).catch((thrown: unknown) => thrown)
        const kind = LLMError.is(error) ? error.kind : error
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      })
      expect(new Set(kinds.keys())).toEqual(new Set(['circuit_open', 'server']))
      expect(emulator.requests.length).toBeLessThanOrEqual(60)
      expect(await llm.costs.global()).toMatchObject({ costUsd: 0, pendingUsd: 0 })
    },
    { clock: new ManualClock() },
  )
}, 120_000)

test(`R02 openai-compatible: ${manyModels} calls of as many models, 50 at a time, and at most 20 retries`, async () => {
  const wire = wireNamed('openai-compatible')
  await onStage(
    wire,
    async ({ emulator, llm }) => {
      emulator.answer(wire.wire, () => ({ error: 'server' }))
      await expectFewRetries(llm, manyModels, 50, wire)
      expect(emulator.requests).toHaveLength(manyModels + 20)
    },
    random,
  )
})

test(`R02 core: ${manyCalls.toLocaleString('en')} calls of as many models, and at most 20 retries`, async () => {
  const wire = wireNamed('openai-compatible')
  const dead: Provider = {
    name: wire.name,
    chat: () => {
      throw new LLMError('server', 'down')
    },
  }
  await onStage(wire, async ({ llm }) => expectFewRetries(llm, manyCalls, 50, wire), { ...random, providers: [dead] })
}, 120_000)

/** So many calls, evenly over a minute; the waits of the calls themselves are part of it. */
async function minute(clock: ManualClock, calls: number, call: () => Promise<unknown>): Promise<void> {
  for (let made = 0; made < calls && clock.now() < 60_000; made++) {
    await call()
    clock.advance(Math.max(0, (60_000 / calls) * (made + 1) - clock.now()))
  }
}

/** A model of its own for each call: no breaker opens, and only the quota of the key stands between them and the provider. */
async function expectFewRetries(llm: LLM, calls: number, lanes: number, wire: Wire): Promise<void> {
  const kinds = new Set<unknown>()
  const lines: Attempt[] = []
  llm.on('attempt', (line) => lines.push(line))
  let made = 0
  const lane = async (): Promise<void> => {
    while (made < calls) {
      const model = { provider: wire.name, model: `${wire.model}-${made++}` }
      const error: unknown = await llm.complete({ messages: 'Hello?', model }).catch((thrown: unknown) => thrown)
      kinds.add(LLMError.is(error) ? error.kind : error)
    }
  }
  await Promise.all(repeat(lane, lanes).map((one) => one()))
  expect([...kinds]).toEqual(['server'])
  expect(lines).toHaveLength(calls + 20)
  expect(await llm.costs.global()).toMatchObject({ costUsd: 0, pendingUsd: 0 })
}

/** Opens the circuit of the wire and lets its pause go by; returns the states that follow. */
async function halfOpen(
  wire: Wire,
  llm: LLM,
  clock: { skip(ms: number): void },
  answer: (reply: Failure) => void,
): Promise<readonly string[]> {
  const states: string[] = []
  llm.on('breaker', ({ key, state }) => {
    if (key === `${wire.name}/${wire.model}`) states.push(state)
  })
  answer({ error: 'server' })
  for (let call = 0; call < 5; call++) await tell(llm, { fallbacks: [once] })
  clock.skip(20_000)
  return states
}

function modelOf({ name, model }: Wire): ChatCall['model'] {
  return { provider: name, model }
}
