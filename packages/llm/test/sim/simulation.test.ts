import { describe, expect, test } from 'vitest'
import type { Budget, ChatCall, ChatEvent, ChatStream, Provider } from '@wayfare/core'
import { MemoryStore } from '@wayfare/cost'
import type { Admission, Posting, ReserveOrder } from '@wayfare/cost'
import type { Calls } from './consumer.ts'
import { drawScene } from './draw.ts'
import { play } from './play.ts'
import type { Sabotage } from './play.ts'
import { RouterClock } from './router-clock.ts'
import { describeFailure, invariantOf, search } from './search.ts'

/** The mutants are told apart by fewer. */
const seeds = Number(process.env['WAYFARE_SIM_SEEDS'] ?? 100)

test(`the simulation holds its invariants for ${seeds} seeds`, { timeout: 120_000 }, async () => {
  const { failures, counts } = await search({ from: 1, seeds })
  expect(failures.map(describeFailure)).toEqual([])
  // It must see something to be worth its name.
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(seeds / 10)
})

test('a failure is made as small as it can be', async () => {
  const sabotage: Sabotage = { store: (options) => new Greedy(options) }
  const { failures } = await search({ from: 1, seeds: 100, sabotage })
  const { providers, calls, store, world } = failures[0]!.scene
  expect({ calls: calls.length, providers: providers.length, scripts: providers[0]!.scripts.length }).toEqual({
    calls: 1,
    providers: 1,
    scripts: 1,
  })
  expect([store.faults, world]).toEqual([[], []])
})

test('the same seed is the same run', async () => {
  for (const seed of [3, 33, 333]) {
    const [first, second] = [await play(drawScene(seed)), await play(drawScene(seed))]
    expect(first.log.length).toBeGreaterThan(0)
    expect(second.log).toEqual(first.log)
  }
})

describe('what is broken is found out:', () => {
  const saboteurs: readonly (readonly [what: string, invariant: string, sabotage: Sabotage])[] = [
    ['a store that knows no limits', 'limits', { store: (options) => new Generous(options) }],
    ['a store that forgets what is pending', 'ledger', { store: (options) => new Forgetful(options) }],
    ['a store that posts twice what an attempt cost', 'ledger', { store: (options) => new Greedy(options) }],
    ['a budget that never settles', 'ledger', { store: (options) => new Deaf(options) }],
    ['a budget that never wakes who waits', 'hangs', { budget: sleepy }],
    ['a budget that grants what it refused', 'bill', { budget: blind }],
    ['a router that shows a word twice', 'text', { router: (calls) => edited(calls, stutter) }],
    ['a router that says nothing of resets', 'text', { router: (calls) => edited(calls, withoutResets) }],
    ['a router that hands out a tool call twice', 'events', { router: (calls) => edited(calls, twice) }],
    ['a router that goes on after its finish', 'events', { router: (calls) => edited(calls, goingOn) }],
    ['a router that ends without a word', 'events', { router: (calls) => edited(calls, swallowing) }],
    ['a router whose response() never settles', 'hangs', { router: mute }],
    ['a router that leaves its timers behind', 'leaks', { clock: (clock) => new Leaky(clock) }],
    ['a vendor that writes more than it sends', 'text', { provider: padded }],
    ['a vendor that bills beyond all bounds', 'overrun', { provider: billing }],
  ]
  test.each(saboteurs)('%s', { timeout: 120_000 }, async (_, invariant, sabotage) => {
    const { failures } = await search({ from: 1, seeds: 2_000, sabotage, mostShrinks: 20 })
    expect(failures.map(({ played }) => played.violations.map(invariantOf))).toEqual([
      expect.arrayContaining([invariant]),
    ])
    const [failure] = failures
    expect(describeFailure(failure!)).toContain(`pnpm sim --seed ${failure!.seed}`)
  })
})

class Generous extends MemoryStore {
  override reserve(order: ReserveOrder): Admission {
    return super.reserve({ ...order, limits: [] })
  }
}

class Forgetful extends MemoryStore {
  override reserve(order: ReserveOrder): Admission {
    const admission = super.reserve({ ...order, amount: Math.min(order.amount, 1), least: Math.min(order.least, 1) })
    return admission.ok ? { ...admission, amount: order.amount } : admission
  }
}

class Greedy extends MemoryStore {
  override settle(id: string, posting: Posting): boolean {
    return super.settle(id, posting.nano === undefined ? posting : { ...posting, nano: posting.nano * 2 })
  }
}

class Deaf extends MemoryStore {
  override settle(): boolean {
    return true
  }
}

function sleepy(budget: Budget): Budget {
  return {
    ...bound(budget),
    reserve: async (request) => {
      const result = await budget.reserve(request)
      if (!result.ok) await new Promise(() => {})
      return result
    },
  }
}

function blind(budget: Budget): Budget {
  const granted = new Set<string>()
  return {
    ...bound(budget),
    dispatch: (id) => (granted.has(id) ? undefined : budget.dispatch(id)),
    reserve: async (request) => {
      const result = await budget.reserve(request)
      if (result.ok) return result
      granted.add(request.attemptId)
      return { ok: true, amountUsd: 1 }
    },
  }
}

function bound(budget: Budget): Budget {
  return {
    reserve: (request) => budget.reserve(request),
    dispatch: (id) => budget.dispatch(id),
    settle: (id, settlement) => budget.settle(id, settlement),
    void: (id) => budget.void(id),
  }
}

type Edit = (events: AsyncIterator<ChatEvent>) => AsyncGenerator<ChatEvent>

/** A router whose events pass through other hands. */
function edited(calls: Calls, edit: Edit): Calls {
  return {
    on: calls.on.bind(calls),
    close: () => calls.close(),
    complete: (call) => calls.complete(call),
    stream: (call: ChatCall): ChatStream => {
      const stream = calls.stream(call)
      return {
        get textStream() {
          return stream.textStream
        },
        response: () => stream.response(),
        close: () => stream.close(),
        [Symbol.asyncDispose]: () => stream.close(),
        [Symbol.asyncIterator]: () => edit(stream[Symbol.asyncIterator]()),
      }
    },
  }
}

async function* through(
  events: AsyncIterator<ChatEvent>,
  change: (event: ChatEvent) => readonly ChatEvent[],
): AsyncGenerator<ChatEvent> {
  yield* flat({ [Symbol.asyncIterator]: () => events }, change)
}

async function* flat(
  events: AsyncIterable<ChatEvent>,
  change: (event: ChatEvent) => readonly ChatEvent[],
): AsyncGenerator<ChatEvent> {
  for await (const event of events) yield* change(event)
}

const stutter: Edit = (events) => through(events, (event) => (event.type === 'text_delta' ? [event, event] : [event]))
const withoutResets: Edit = (events) => through(events, (event) => (event.type === 'reset' ? [] : [event]))
const twice: Edit = (events) => through(events, (event) => (event.type === 'tool_call' ? [event, event] : [event]))
const goingOn: Edit = (events) =>
  through(events, (event) => (event.type === 'finish' ? [event, { type: 'text_delta', text: '' }] : [event]))
const swallowing: Edit = (events) => through(events, (event) => (event.type === 'finish' ? [] : [event]))

function mute(calls: Calls): Calls {
  const same = edited(calls, (events) => through(events, (event) => [event]))
  const silent = { value: () => new Promise(() => {}) }
  return { ...same, stream: (call) => Object.defineProperty(same.stream(call), 'response', silent) }
}

class Leaky extends RouterClock {
  override timer(ms: number, fire: () => void): { clear(): void } {
    const timer = super.timer(ms, fire)
    return ms > 100_000 ? { clear: () => {} } : timer
  }
}

/** Sends a word of which its own books know nothing. */
function padded(provider: Provider): Provider {
  return changed(provider, (event) => (event.type === 'text_delta' ? { ...event, text: `${event.text}!` } : event))
}

function billing(provider: Provider): Provider {
  return changed(provider, (event) => (event.type === 'usage' ? { ...event, reportedUsd: 1 } : event))
}

type ProviderEvents = ReturnType<Provider['chat']>
type Read = ProviderEvents extends AsyncIterable<infer T> ? T : never
type Single = Exclude<Read, readonly unknown[]>

function changed(provider: Provider, change: (event: Single) => Single): Provider {
  const chat = provider.chat.bind(provider)
  return Object.assign(provider, {
    async *chat(request: Parameters<Provider['chat']>[0]) {
      for await (const read of chat(request)) yield Array.isArray(read) ? read.map(change) : change(read as Single)
    },
  })
}
