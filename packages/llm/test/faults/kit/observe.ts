import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { EmulatedRequest, Emulator, Reply } from '@wayfare/emulator'
import { startEmulator } from '@wayfare/emulator'
import { LLMError, PriceRegistry, createLLM } from '@wayfare/llm'
import type { Attempt, ChatCall, ChatEvent, ChatResponse, LLM, LLMOptions } from '@wayfare/llm'
import { canaryPrompt, expectNoCanary } from './canary.ts'
import { HastyClock } from './clock.ts'
import type { WatchedClock } from './clock.ts'
import { providerOf } from './wires.ts'
import type { Wire } from './wires.ts'

export interface Script {
  readonly wire: Wire
  /** What the wire answers, request by request. */
  readonly replies: readonly Reply[]
  /** Another wire to fall back to; it answers with `rescue` unless it has replies of its own. */
  readonly fallback?: Wire | undefined
  readonly rescue?: readonly Reply[] | undefined
  readonly options?: Partial<LLMOptions> | undefined
  readonly call?: Partial<ChatCall> | undefined
  readonly validate?: boolean | undefined
  /** Default: a hasty one. */
  readonly clock?: WatchedClock | undefined
  /** Called with each event, or each piece of text, while the reader has it. */
  readonly reading?: ((seen: ChatEvent | string) => void) | undefined
  /** Called before the call begins. */
  readonly listen?: ((llm: LLM) => void) | undefined
}

export type Face = 'events' | 'text' | 'complete'

/** What one call did, as its user, its vendor and its bill saw it. */
export interface Observation {
  readonly face: Face
  readonly events: readonly ChatEvent[]
  /** What the reader has on the screen at the end: after a `reset` only what came later. */
  readonly shown: string
  readonly response?: ChatResponse
  readonly error?: LLMError
  readonly attempts: readonly Attempt[]
  readonly costUsd: number | undefined
  /** Chat requests that the emulator got, by wire. */
  readonly requests: readonly EmulatedRequest[]
  /** What the router waited between attempts. */
  readonly waits: readonly number[]
  /** What the tracker has booked. */
  readonly bookedUsd: number
}

/**
 * Plays a script once and checks what holds for every fault: one end, nothing left open, nothing pending, no secret shown,
 * the bill equal to the sum of its lines.
 */
export async function observe(face: Face, script: Script): Promise<Observation> {
  const emulator = await startEmulator({ validate: script.validate ?? true })
  const clock = script.clock ?? new HastyClock()
  const { signal } = new AbortController()
  const llm = stage(script, emulator, clock)
  script.listen?.(llm)
  const log = listenToConsole()
  try {
    const call: ChatCall = {
      messages: `Say hello, ${canaryPrompt}.`,
      session: 'faults',
      signal,
      ...(script.call as object),
    }
    const seen = await read(face, llm, call, script.reading)
    await llm.close()
    const { costUsd: bookedUsd, pendingUsd } = await llm.costs.global()
    const attempts = seen.response?.attempts ?? seen.error?.attempts ?? []
    const observation: Observation = {
      face,
      ...seen,
      attempts,
      costUsd: seen.response?.costUsd ?? seen.error?.costUsd,
      requests: emulator.requests.filter((request) => request.method === 'POST'),
      waits: clock.waits,
      bookedUsd,
    }
    assert.equal(pendingUsd, 0)
    assert.equal(clock.timersLeft, 0)
    assert.deepEqual(getEventListeners(signal, 'abort'), [])
    await expectNoSockets(emulator)
    expectOneEnd(observation)
    expectBillAddsUp(observation)
    if (seen.error !== undefined) expectNoCanary(seen.error)
    expectNoCanary(llm)
    expectNoCanary(log.text())
    return observation
  } finally {
    log.stop()
    await emulator.close()
  }
}

function stage(script: Script, emulator: Emulator, clock: WatchedClock): LLM {
  const { wire, fallback } = script
  emulator.enqueue(wire.wire, ...script.replies)
  const providers = [providerOf(wire, emulator)]
  if (fallback !== undefined) {
    providers.push(providerOf(fallback, emulator))
    emulator.enqueue(fallback.wire, ...(script.rescue ?? [{ text: 'Rescued whole.' }]))
  }
  return createLLM({
    providers,
    model: { provider: wire.name, model: wire.model },
    fallbacks: fallback === undefined ? [] : [`${fallback.name}/${fallback.model}`],
    limits: { global: { hard: 1_000 } },
    // Every wire costs something, so that a bill of nothing is seen.
    prices: new PriceRegistry({ entries: [], fallbackRate: { input: 1, output: 4 } }),
    maxOutputTokens: 1_000,
    clock,
    random: () => 0.5,
    ...script.options,
  })
}

type Seen = Pick<Observation, 'events' | 'shown'> & { response?: ChatResponse; error?: LLMError }

async function read(face: Face, llm: LLM, call: ChatCall, reading: Script['reading']): Promise<Seen> {
  const events: ChatEvent[] = []
  let shown = ''
  try {
    if (face === 'complete') {
      const onEvent = (event: ChatEvent): void => {
        events.push(event)
        reading?.(event)
      }
      const response = await llm.complete({ ...call, onEvent })
      return { events, shown: response.text, response }
    }
    const stream = llm.stream(call)
    if (face === 'text') {
      for await (const text of stream.textStream) {
        shown += text
        reading?.(text)
      }
    } else {
      for await (const event of stream) {
        events.push(event)
        if (event.type === 'text_delta') shown += event.text
        if (event.type === 'reset') shown = ''
        reading?.(event)
      }
    }
    return { events, shown, response: await stream.response() }
  } catch (error) {
    if (!LLMError.is(error)) throw error
    return { events, shown, error }
  }
}

/** Exactly one terminal, nothing after it; resets only after something was shown. */
function expectOneEnd({ events, response, error, shown, face }: Observation): void {
  assert.notEqual(response === undefined, error === undefined)
  if (response !== undefined && face !== 'text') {
    assert.equal(
      events.findIndex((event) => event.type === 'finish'),
      events.length - 1,
    )
  }
  if (error !== undefined) assert.ok(events.every((event) => event.type !== 'finish'))
  if (response !== undefined) assert.equal(shown, response.text)
  let output = false
  for (const event of events) {
    if (event.type === 'reset') {
      assert.ok(output, 'nothing was shown that a reset could take back')
      output = false
    }
    if (event.type === 'text_delta' || event.type === 'reasoning_delta' || event.type === 'file') output = true
  }
}

function expectBillAddsUp({ attempts, costUsd, bookedUsd }: Observation): void {
  const nano = attempts.reduce((sum, attempt) => sum + Math.round((attempt.costUsd ?? 0) * 1e9), 0)
  if (attempts.every((attempt) => attempt.costUsd !== undefined)) assert.equal(costUsd ?? 0, nano / 1e9)
  assert.equal(bookedUsd, nano / 1e9)
}

/** A busy machine takes its time to tell the server; a socket that is merely kept would stay for four seconds. */
async function expectNoSockets(emulator: Emulator): Promise<void> {
  const patience = performance.now() + 2_000
  while (emulator.openSockets > 0 && performance.now() < patience) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(emulator.openSockets, 0)
}

function listenToConsole(): { text(): string; stop(): void } {
  const names = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
  const originals = names.map((name) => console[name])
  let text = ''
  for (const name of names) {
    console[name] = (...parts: unknown[]) => {
      text += `${parts.map(String).join(' ')}\n`
    }
  }
  return {
    text: () => text,
    stop: () => {
      for (const [index, name] of names.entries()) console[name] = originals[index]!
    },
  }
}
