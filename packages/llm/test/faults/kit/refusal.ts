import type { LLMErrorFacts, LLMErrorKind } from '@wayfare/core'
import type { Reply } from '@wayfare/emulator'
import type { FallbackRule, LLMOptions } from '@wayfare/llm'
import { expect } from 'vitest'
import { breakersAfter, coolingAfter } from './breakers.ts'
import { observe } from './observe.ts'
import type { Face, Observation } from './observe.ts'
import { inTurn } from './turns.ts'
import { wireNamed } from './wires.ts'
import type { Wire } from './wires.ts'

/** A request that a vendor refuses before it writes anything, and what has to follow. */
export interface Refusal {
  readonly reply: Reply
  readonly kind: LLMErrorKind
  /** More of the error; a fact that is undefined must be absent. */
  readonly facts?: LLMErrorFacts & { readonly message?: unknown; readonly details?: unknown }
  /** Requests that the target gets when there is no other. Default 1. */
  readonly sent?: number
  /** Waits between them. Default: full jitter at one half. */
  readonly waits?: readonly number[]
  /** The rule that leads to another target. Default `error`. */
  readonly trigger?: Trigger | 'none'
  /** What the same refusal, again and again, opens. */
  readonly breaker: 'nothing' | 'model' | 'model_at_once' | 'credential' | { readonly cooldownMs: number }
}

type Trigger = 'error' | 'low_funds' | 'context_length' | 'content_filter' | 'rate_limit' | 'timeout' | 'overloaded'

export const faces: readonly Face[] = ['events', 'text', 'complete']

/** Every column of the refusal's row: what its readers see, what is sent, where the call goes, what it costs. */
export async function expectRefused(wire: Wire, refusal: Refusal): Promise<void> {
  await expectAlone(wire, refusal)
  await expectElsewhere(wire, refusal)
  await expectBreaker(wire, refusal)
}

/** Without another target: the error, the requests, the bill; and nothing on the screen of its reader. */
export async function expectAlone(wire: Wire, refusal: Refusal): Promise<void> {
  const { reply, kind, facts = {}, sent = 1, waits = [250, 500].slice(0, sent - 1) } = refusal
  for (const face of inTurn(wire, faces)) {
    const seen = await observe(face, { wire, replies: repeat(reply, sent + 3) })
    const { told, untold } = divided(facts)
    expect(seen.error).toMatchObject({ kind, provider: wire.name, model: wire.model, billed: 'no', ...told })
    for (const fact of untold) expect(seen.error).not.toHaveProperty(fact)
    expect(seen.requests).toHaveLength(sent)
    expectWaits(seen, waits)
    expect(seen.shown).toBe('')
    if (face !== 'text') expect(seen.events.map(({ type }) => type)).toEqual(repeat(tried, sent).flat())
    expectUnpaid(seen, kind, sent)
  }
}

/** With another target: it answers when a rule covers the failure, and is left alone when none does. */
export async function expectElsewhere(wire: Wire, refusal: Refusal): Promise<void> {
  const { reply, kind, sent = 1, trigger = 'error' } = refusal
  const other = rescuerOf(wire)
  const replies = repeat(reply, sent)
  if (trigger !== 'none') {
    for (const fallback of inTurn(wire, [switching(trigger, other), `${other.name}/${other.model}`])) {
      const fallbacks = [fallback]
      const seen = await observe('events', { wire, replies, fallback: other, options: { fallbacks } })
      expect(seen.response).toMatchObject({ text: 'Rescued whole.', provider: other.name })
      expect(seen.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, sent), other.wire])
      expect(seen.events.some(({ type }) => type === 'reset')).toBe(false)
      expect(seen.attempts.at(-1)).toMatchObject({ outcome: 'ok', provider: other.name })
      expect(seen.bookedUsd).toBe(seen.attempts.at(-1)?.costUsd)
    }
  }
  if (trigger === 'none' || trigger === 'context_length' || trigger === 'content_filter') {
    const fallbacks = [switching('error', other)]
    const seen = await observe('events', { wire, replies, fallback: other, options: { fallbacks } })
    expect(seen.error?.kind).toBe(kind)
    expect(seen.requests.map((request) => request.wire)).toEqual(repeat(wire.wire, sent))
  }
}

/** What the breakers make of a dozen such refusals. */
export async function expectBreaker(
  wire: Wire,
  { reply, breaker }: Pick<Refusal, 'reply' | 'breaker'>,
  options?: Partial<LLMOptions>,
): Promise<void> {
  // Breakers look at the error alone, and that is checked on every wire.
  const [asked] = inTurn(wire, [true, false])
  if (!asked) return
  const { opened, requests } = await breakersAfter(wire, reply, options)
  if (typeof breaker === 'object') {
    const { cooldownMs } = breaker
    expect(opened).toEqual([])
    expect(await coolingAfter(wire, reply, [0, cooldownMs / 2, cooldownMs + 1])).toEqual([true, true, false])
    return
  }
  switch (breaker) {
    case 'nothing':
      expect(opened).toEqual([])
      expect(await coolingAfter(wire, reply, [0])).toEqual([false])
      expect(requests).toBeGreaterThanOrEqual(12)
      return
    case 'credential':
      expect(opened[0]).toEqual({ key: wire.name, after: 1 })
      return
    case 'model_at_once':
      expect(opened[0]).toEqual({ key: `${wire.name}/${wire.model}`, after: 1 })
      return
    case 'model':
      expect(opened[0]).toEqual({ key: `${wire.name}/${wire.model}`, after: 5 })
  }
}

export function switching(trigger: Trigger, to: Wire): FallbackRule {
  return { trigger, action: 'switch_provider', provider: to.name, model: to.model }
}

/** A wire that costs money and has a queue of its own. */
export function rescuerOf(wire: Wire): Wire {
  return wireNamed(wire.name === 'anthropic' ? 'google' : 'anthropic')
}

export function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value)
}

export function expectWaits(seen: Observation, waits: readonly number[]): void {
  expect(seen.waits.map((ms) => Math.round(ms))).toEqual(waits)
}

function divided(facts: object): { told: object; untold: readonly string[] } {
  const all = Object.entries(facts)
  return {
    told: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
    untold: all.filter(([, value]) => value === undefined).map(([fact]) => fact),
  }
}

const tried = ['attempt_start', 'attempt_failed']

/** The reservation of every attempt was given back. */
function expectUnpaid(seen: Observation, kind: LLMErrorKind, sent: number): void {
  expect(seen.bookedUsd).toBe(0)
  expect(seen.costUsd).toBe(0)
  expect(seen.attempts).toHaveLength(sent)
  for (const attempt of seen.attempts) {
    expect(attempt).toMatchObject({ outcome: 'failed', kind, billed: 'no', usageSource: 'none', costUsd: 0 })
  }
}
