import type { Reply } from '@wayfare/emulator'
import { LLMError, createLLM } from '@wayfare/llm'
import type { FallbackRule, Fallbacks } from '@wayfare/llm'
import { describe, expect, test } from 'vitest'
import { earlyUsage } from './kit/interruption.ts'
import { limited, refusalOf, tell } from './kit/money.ts'
import { observe } from './kit/observe.ts'
import { eventOf, played, record } from './kit/recording.ts'
import { faces, repeat, rescuerOf, switching } from './kit/refusal.ts'
import { onStage } from './kit/stage.ts'
import { providerOf, wireNamed, wires } from './kit/wires.ts'
import type { Wire } from './kit/wires.ts'

const once = { trigger: 'error', action: 'wait_and_retry', maxRetries: 0 } as const
const down: Reply = { error: 'server' }

describe.each(wires)('$name', (wire) => {
  const other = rescuerOf(wire)
  const [here, there] = [ref(wire), ref(other)]
  /** Answers from another queue than the two. */
  const third = wireNamed(wire.name === 'ollama' ? 'openai' : 'ollama')

  test.each<[what: string, fallbacks: Fallbacks]>([
    ['there and back, again and again', [there, here, there, here]],
    [
      'by rules that lead in a circle',
      [switching('error', other), switching('error', wire), switching('error', other)],
    ],
    ['to itself', [here, switching('error', wire), there]],
  ])(`R04 ${wire.name}: fallbacks that lead %s ask each target once`, async (_, fallbacks) => {
    for (const face of faces) {
      const options = { fallbacks: [once, ...fallbacks] }
      const seen = await observe(face, {
        wire,
        replies: repeat(down, 9),
        fallback: other,
        rescue: repeat(down, 9),
        options,
      })
      expect(seen.error).toMatchObject({ kind: 'server', provider: other.name })
      expect(seen.requests.map((request) => request.wire)).toEqual([wire.wire, other.wire])
      expect(seen.attempts.map(({ provider }) => provider)).toEqual([wire.name, other.name])
      expect([seen.waits, seen.bookedUsd]).toEqual([[], 0])
    }
  })

  test(`R04 ${wire.name}: each target has its tries before the next one, and the plan shows each once`, async () => {
    const options = { fallbacks: [there, here, there] }
    const seen = await observe('events', {
      wire,
      replies: repeat(down, 9),
      fallback: other,
      rescue: repeat(down, 9),
      options,
    })
    expect(seen.requests.map((request) => request.wire)).toEqual([...repeat(wire.wire, 3), ...repeat(other.wire, 3)])
    await onStage(wire, async ({ emulator, llm }) => {
      llm.register(providerOf(other, emulator))
      const { targets, skipped } = llm.plan({ messages: 'Hello?', ...options })
      expect(targets.map(({ provider }) => provider)).toEqual([wire.name, other.name])
      expect(skipped.map(({ provider, reason }) => [provider, reason])).toEqual([
        [wire.name, 'duplicate'],
        [other.name, 'duplicate'],
      ])
    })
  })

  test(`R06 ${wire.name}: a fallback that is beyond its own hard limit is passed over for the next`, async () => {
    await onStage(
      wire,
      async ({ emulator, llm }) => {
        for (const more of [other, third]) llm.register(providerOf(more, emulator))
        emulator.enqueue(wire.wire, { error: 'auth' })
        const { response, events } = await tell(llm, { fallbacks: [there, ref(third)] })
        expect(response).toMatchObject({ provider: third.name })
        expect(emulator.requests.map((request) => request.wire)).toEqual([wire.wire, third.wire])
        const failures = events.flatMap((event) => (event.type === 'attempt_failed' ? [event] : []))
        expect(failures).toMatchObject([
          { error: { kind: 'auth' }, next: { provider: other.name } },
          { error: { kind: 'budget', provider: other.name }, next: { provider: third.name } },
        ])
        expect(events.some(({ type }) => type === 'reset')).toBe(false)
        // A refusal says nothing of the target.
        expect(llm.plan({ messages: 'Hello?', model: there }).skipped).toEqual([])
      },
      limited({ providers: { [other.name]: { hard: 0.01 } } }),
    )
  })

  test(`R06 ${wire.name}: without a next one the refusal is the error, and nothing is sent there`, async () => {
    for (const face of faces) {
      const options = limited({ providers: { [other.name]: { hard: 0.01 } } })
      const seen = await observe(face, { wire, replies: [{ error: 'auth' }], fallback: other, options })
      expect(seen.error).toMatchObject({ kind: 'budget', provider: other.name, retryable: false, costUsd: 0 })
      expect(refusalOf(seen.error)).toMatchObject({ scope: { kind: 'provider', id: other.name }, reason: 'too_large' })
      expect(seen.requests.map((request) => request.wire)).toEqual([wire.wire])
      expect(seen.attempts).toMatchObject([{ provider: wire.name, kind: 'auth', costUsd: 0 }])
      expect(kindsOf(seen.error?.cause)).toEqual(['auth', 'budget'])
      expect(seen.shown).toBe('')
      expect(seen.bookedUsd).toBe(0)
    }
  })
})

// The wires on which a vendor's own tools show in the answer.
describe.each(['anthropic', 'google'].map(wireNamed))('$name', (wire) => {
  test(`R07 ${wire.name}: an answer that breaks after a tool ran at the vendor is not asked for again, by any policy`, async () => {
    for (const face of faces) {
      for (const onInterrupt of [undefined, 'reset', 'fail', 'continue'] as const) {
        const seen = await observe(face, {
          wire,
          replies: [await searchedAndCut(wire)],
          fallback: rescuerOf(wire),
          call: { onInterrupt },
        })
        expect(seen.error).toMatchObject({ kind: 'stream_truncated', provider: wire.name, sideEffects: true })
        expect(seen.error?.partial?.text).toBe('One two ')
        expect(seen.requests.map((request) => request.wire)).toEqual([wire.wire])
        expect(seen.waits).toEqual([])
        expect(seen.events.some(({ type }) => type === 'reset')).toBe(false)
        expect(seen.attempts).toMatchObject([
          { kind: 'stream_truncated', usageSource: earlyUsage(wire), billed: 'yes' },
        ])
        expect(seen.bookedUsd).toBeGreaterThan(0)
      }
    }
  })

  test(`R07 ${wire.name}: also when the reader has seen nothing of it`, async () => {
    const events = (await record(wire, { text: 'One two three.' })).slice(0, wire.name === 'anthropic' ? 1 : 0)
    const reply = played(wire, [...events, ...searched(wire, 0)])
    const seen = await observe('text', { wire, replies: [reply], fallback: rescuerOf(wire) })
    expect(seen.error).toMatchObject({ kind: 'stream_truncated', sideEffects: true })
    expect(seen.requests).toHaveLength(1)
  })

  test(`R07 ${wire.name}: without a tool the same break is`, async () => {
    const events = await beforeTheEnd(wire)
    const seen = await observe('events', { wire, replies: [played(wire, events), { text: 'Whole again.' }] })
    expect(seen.response?.text).toBe('Whole again.')
    expect(seen.requests).toHaveLength(2)
  })
})

test('R05 core: a rule that names a provider which is not registered is refused when it is set', async () => {
  const provider = wireNamed('anthropic').make({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' })
  const options = { providers: [provider], model: 'anthropic/claude-sonnet-5' }
  const rules: readonly [rule: FallbackRule | string, name: string][] = [
    ['antropic/claude-haiku-4-5', 'antropic'],
    [{ trigger: 'error', action: 'switch_provider', provider: 'antropic', model: 'm' }, 'antropic'],
    [{ trigger: 'low_funds', action: 'switch_provider', provider: 'antropic', model: 'm' }, 'antropic'],
    [{ trigger: 'cost_limit', limit: 'hard', action: 'switch_provider', provider: 'antropic' }, 'antropic'],
  ]
  for (const [rule, name] of rules) {
    const llm = createLLM({ ...options, fallbacks: [] })
    const places: readonly (() => unknown)[] = [
      () => llm.setFallbacks([rule]),
      () => createLLM({ ...options, fallbacks: [rule] }),
      () => llm.with({ fallbacks: [rule] }),
      () => llm.plan({ messages: 'Hello?', fallbacks: [rule] }),
    ]
    for (const place of places) {
      const error = thrownBy(place)
      expect(error).toMatchObject({ kind: 'config', retryable: false })
      expect((error as Error).message).toContain(`no provider "${name}" is registered (did you mean "anthropic"?)`)
    }
    // What was set before still holds.
    expect(llm.plan({ messages: 'Hello?' }).targets).toHaveLength(1)
    await expect(llm.complete({ messages: 'Hello?', fallbacks: [rule] })).rejects.toMatchObject({ kind: 'config' })
    expect(await llm.costs.global()).toMatchObject({ attempts: 0 })
    await llm.close()
  }
})

function ref({ name, model }: Wire): string {
  return `${name}/${model}`
}

function kindsOf(cause: unknown): readonly unknown[] {
  if (!(cause instanceof AggregateError)) return []
  return cause.errors.map((error: unknown) => (LLMError.is(error) ? error.kind : error))
}

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

/** Text, a search at the vendor's, and no end. */
async function searchedAndCut(wire: Wire): Promise<Reply> {
  return played(wire, [...(await beforeTheEnd(wire)), ...searched(wire, 1)])
}

/** The events of two words, their block included. */
async function beforeTheEnd(wire: Wire): Promise<string[]> {
  const events = await record(wire, { text: 'One two ' })
  const end = events.findIndex((event) => /"message_delta"|"finishReason"/.test(event))
  return events.slice(0, end)
}

function searched(wire: Wire, index: number): string[] {
  if (wire.name === 'google') {
    const parts = [{ executableCode: { language: 'PYTHON', code: 'print(1)' } }]
    return [eventOf(wire, { candidates: [{ content: { role: 'model', parts }, index: 0 }] })]
  }
  const block = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }
  return [
    eventOf(wire, { type: 'content_block_start', index, content_block: block }, 'content_block_start'),
    eventOf(wire, { type: 'content_block_stop', index }, 'content_block_stop'),
  ]
}
