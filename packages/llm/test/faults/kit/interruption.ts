import type { Reply } from '@wayfare/emulator'
import type { LLMErrorFacts, LLMErrorKind } from '@wayfare/core'
import type { ChatEvent } from '@wayfare/llm'
import { expect } from 'vitest'
import { observe } from './observe.ts'
import type { Observation, Script } from './observe.ts'
import { expectBreaker, faces, repeat, rescuerOf } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { inTurn, long } from './turns.ts'
import type { Wire } from './wires.ts'

/** An answer that breaks after it began, and what has to follow. */
export interface Interruption {
  readonly reply: Reply
  readonly kind: LLMErrorKind
  /** More of the error. */
  readonly facts?: LLMErrorFacts & { readonly message?: unknown }
  /** What a reader has seen when it breaks. */
  readonly shown: string
  /** Whether something else than text was seen as well, such as thoughts. */
  readonly seen?: boolean
  /** Further requests that the target gets when the break repeats. Default 2. */
  readonly retries?: number
  readonly usageSource: 'partial' | 'estimated' | 'none'
  readonly breaker: Refusal['breaker']
  readonly options?: Script['options']
  readonly call?: Script['call']
}

const whole: Reply = { text: 'Whole again.' }

/** Every column of the row of an interruption, by the policies that readers have without asking. */
export async function expectInterrupted(wire: Wire, broken: Interruption): Promise<void> {
  if (broken.retries !== 0) await expectAnotherStart(wire, broken)
  await expectEnd(wire, broken)
  await expectRescue(wire, broken)
  await expectBreaker(wire, broken, broken.options)
}

/** What follows one and the same error is the same in every row: the first tells it, and all do in the long run. */
export async function expectAlike(wire: Wire, broken: Interruption, first: boolean): Promise<void> {
  if (long || first) await expectInterrupted(wire, broken)
  else await expectEnd(wire, broken)
}

/** The same target answers at the second try. */
export async function expectAnotherStart(wire: Wire, broken: Interruption): Promise<void> {
  for (const face of inTurn(wire, faces)) {
    if (face === 'text') await expectTextReader(wire, broken)
    else await expectReset(wire, broken, face)
  }
}

/** Readers of events see the output taken back, and then the whole answer of the next attempt alone. */
async function expectReset(wire: Wire, broken: Interruption, face: 'events' | 'complete') {
  const { reply, kind, shown, seen, usageSource, options, call } = broken
  const played = await observe(face, { wire, replies: [reply, whole], options, call })
  expect(played.response).toMatchObject({ text: 'Whole again.', provider: wire.name })
  expect(played.requests).toHaveLength(2)
  expect(played.waits).toHaveLength(1)
  expect(textBefore(played.events, 'attempt_failed')).toBe(shown)
  const output = shown !== '' || seen === true
  expect(played.events.filter(({ type }) => type === 'reset')).toEqual(output ? [{ type: 'reset', attempt: 1 }] : [])
  expect(played.events.some(({ type }) => type === 'tool_call')).toBe(false)
  expect(played.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'ok'])
  expectPaid(wire, played, kind, usageSource)
}

/** Readers of text cannot be told to forget: what they have seen ends in the error. */
async function expectTextReader(wire: Wire, { reply, kind, facts, shown, seen, options, call }: Interruption) {
  const played = await observe('text', { wire, replies: [reply, whole], options, call })
  if (shown === '' && seen !== true) {
    expect(played.shown).toBe('Whole again.')
    return
  }
  expect(played.error).toMatchObject({ kind, ...facts, partial: { text: shown } })
  expect(played.shown).toBe(shown)
  expect(played.requests).toHaveLength(1)
}

/** When it breaks every time: the error, after as many requests as are right. */
export async function expectEnd(wire: Wire, broken: Interruption): Promise<void> {
  const { reply, kind, facts, shown, retries = 2, usageSource, options, call } = broken
  const played = await observe('events', { wire, replies: repeat(reply, retries + 1), options, call })
  expect(played.error).toMatchObject({ kind, provider: wire.name, model: wire.model, ...facts })
  expect(played.requests).toHaveLength(retries + 1)
  expect(played.waits).toHaveLength(retries)
  expect(played.shown).toBe(shown)
  expect(played.events.some(({ type }) => type === 'tool_call')).toBe(false)
  expect(played.attempts).toHaveLength(retries + 1)
  expectPaid(wire, played, kind, usageSource)
}

/** Another target answers from the beginning. */
async function expectRescue(wire: Wire, { reply, shown, seen, retries = 2, options, call }: Interruption) {
  const other = rescuerOf(wire)
  const played = await observe('events', { wire, replies: repeat(reply, retries + 1), fallback: other, options, call })
  expect(played.response).toMatchObject({ text: 'Rescued whole.', provider: other.name })
  expect(played.shown).toBe('Rescued whole.')
  expect(played.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, retries + 1), other.wire])
  const output = shown !== '' || seen === true
  expect(played.events.filter(({ type }) => type === 'reset')).toHaveLength(output ? retries + 1 : 0)
}

/** A broken attempt stands in the bill with what was read and written until then. */
function expectPaid(
  wire: Wire,
  { attempts, bookedUsd }: Observation,
  kind: LLMErrorKind,
  usageSource: Interruption['usageSource'],
): void {
  const [first] = attempts
  expect(first).toMatchObject({ outcome: 'failed', kind, usageSource })
  if (usageSource === 'none') return
  expect(first?.usage.input).toBeGreaterThan(0)
  if (wire.name === 'ollama') return // costs nothing
  expect(first?.costUsd).toBeGreaterThan(0)
  expect(bookedUsd).toBeGreaterThanOrEqual(first!.costUsd!)
}

/** The same when nothing but keep-alives came: a stream names its answer with the first event, or with the first content. */
export function earliestUsage(wire: Wire): 'partial' | 'estimated' | 'none' {
  return wire.name === 'openai' || wire.name === 'openai-compatible' || wire.name === 'anthropic'
    ? earlyUsage(wire)
    : 'none'
}

/** Where the usage of a stream comes: with its first event, or with its last. */
export function earlyUsage(wire: Wire): 'partial' | 'estimated' {
  return wire.name === 'anthropic' || wire.name === 'google' ? 'partial' : 'estimated'
}

function textBefore(events: readonly ChatEvent[], end: ChatEvent['type']): string {
  let text = ''
  for (const event of events) {
    if (event.type === end) break
    if (event.type === 'text_delta') text += event.text
  }
  return text
}
