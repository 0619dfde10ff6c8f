import type { LLMErrorFacts, LLMErrorKind } from '@wayfare/core'
import { LLMError, createLLM } from '@wayfare/llm'
import type { LLMOptions } from '@wayfare/llm'
import { expect } from 'vitest'
import { HastyClock } from './clock.ts'
import { observe } from './observe.ts'
import { expectWaits, faces, repeat, rescuerOf } from './refusal.ts'
import { inTurn } from './turns.ts'
import { canaryKey } from './wires.ts'
import type { Wire } from './wires.ts'

/** A target that no request ever reaches, and what has to follow. */
export interface Unreachable {
  readonly kind: LLMErrorKind
  /** More of the error. */
  readonly facts: LLMErrorFacts & { readonly message?: unknown }
  /** Attempts when there is no other target. */
  readonly tries: 1 | 3
  readonly options?: Partial<LLMOptions>
}

/** The same wire at another address, or on another way to it. */
export function rerouted(
  wire: Wire,
  change: (baseURL: string) => { readonly baseURL?: string; readonly proxy?: string; readonly fetch?: typeof fetch },
): Wire {
  return { ...wire, make: (options) => wire.make({ ...options, ...change(options.baseURL) }) }
}

/** The same path at another origin. */
export function at(origin: string): (baseURL: string) => { readonly baseURL: string } {
  return (baseURL) => ({ baseURL: origin + new URL(baseURL).pathname })
}

/** Every column of the row, whatever reads. */
export async function expectUnreachable(wire: Wire, fault: Unreachable): Promise<void> {
  await expectAlone(wire, fault)
  await expectRescued(wire, fault)
  await expectBreaker(wire, fault)
}

async function expectAlone(wire: Wire, { kind, facts, tries, options }: Unreachable): Promise<void> {
  for (const face of inTurn(wire, faces)) {
    const seen = await observe(face, { wire, replies: [], options })
    expect(seen.error).toMatchObject({ kind, provider: wire.name, model: wire.model, billed: 'no', ...facts })
    expect(seen.requests).toHaveLength(0)
    expectWaits(seen, [250, 500].slice(0, tries - 1))
    expect(seen.shown).toBe('')
    if (face !== 'text') {
      expect(seen.events.map(({ type }) => type)).toEqual(repeat(['attempt_start', 'attempt_failed'], tries).flat())
    }
    expect(seen.attempts).toHaveLength(tries)
    for (const attempt of seen.attempts) {
      expect(attempt).toMatchObject({ outcome: 'failed', kind, billed: 'no', usageSource: 'none', costUsd: 0 })
    }
    expect([seen.costUsd, seen.bookedUsd]).toEqual([0, 0])
  }
}

async function expectRescued(wire: Wire, { tries, options }: Unreachable): Promise<void> {
  const other = rescuerOf(wire)
  const seen = await observe('events', { wire, replies: [], fallback: other, options })
  expect(seen.response).toMatchObject({ text: 'Rescued whole.', provider: other.name })
  expect(seen.requests.map((request) => request.wire)).toEqual([other.wire])
  expect(seen.attempts).toHaveLength(tries + 1)
  expect(seen.events.some(({ type }) => type === 'reset')).toBe(false)
  expect(seen.bookedUsd).toBe(seen.attempts.at(-1)?.costUsd)
}

/** Five failures in a row, over however many calls, and the target is left alone. */
async function expectBreaker(wire: Wire, { kind, options }: Unreachable): Promise<void> {
  const llm = createLLM({
    providers: [wire.make({ baseURL: 'http://127.0.0.1:9/v1', apiKey: canaryKey })],
    model: { provider: wire.name, model: wire.model },
    clock: new HastyClock(),
    random: () => 0.5,
    ...options,
  })
  const opened: string[] = []
  let attempts = 0
  llm.on('attempt', () => attempts++)
  llm.on('breaker', ({ key, state }) => opened.push(`${key} ${state} after ${attempts}`))
  const kinds = new Set<unknown>()
  for (let call = 0; call < 8; call++) {
    await llm.complete({ messages: 'Hello?', fallbacks: [] }).catch((error: unknown) => {
      kinds.add(LLMError.is(error) ? error.kind : error)
    })
  }
  await llm.close()
  expect(opened[0]).toBe(`${wire.name}/${wire.model} open after 5`)
  expect([...kinds]).toEqual([kind, 'circuit_open'])
}
