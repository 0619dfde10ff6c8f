import { inspect } from 'node:util'
import { startEmulator } from '@wayfare/emulator'
import { createLLM, jsonSchema, LLMError, tool } from '@wayfare/llm'
import type { RouterEvents } from '@wayfare/llm'
import { expect, test } from 'vitest'
import { canaryPrompt } from './kit/canary.ts'
import { canaryKey, providerOf, wires } from './kit/wires.ts'

const canaryAnswer = 'canary-answer-2c8e'

// An object, not a list, so that the compiler finds a forgotten name.
const names: Record<keyof RouterEvents, true> = {
  attempt: true,
  retry: true,
  soft_limit: true,
  budget_overrun: true,
  usage_anomaly: true,
  price_stale: true,
  breaker: true,
}

/** All that a logger may make of an event. */
function printed(event: unknown): string {
  return [
    JSON.stringify(event),
    inspect(event, { depth: null, showHidden: true }),
    inspect(event, { depth: null, customInspect: false }),
  ].join('\n')
}

test.each(wires.map((wire) => [wire.name, wire] as const))(
  `X06 %s: what a router tells of its calls holds no prompt, no answer, no arguments of a tool and no key`,
  async (_, wire) => {
    await using emulator = await startEmulator()
    const llm = createLLM({
      providers: [providerOf(wire, emulator)],
      model: { provider: wire.name, model: wire.model },
      limits: { session: { soft: 0.000_001 }, global: { hard: 50 } },
      allowUnpriced: true,
      fallbacks: [{ trigger: 'error', action: 'wait_and_retry', maxRetries: 1 }],
      maxOutputTokens: 1_000,
      tools: { look: tool({ inputSchema: jsonSchema({ type: 'object', properties: { at: { type: 'string' } } }) }) },
    })
    const told: { readonly name: string; readonly event: unknown }[] = []
    for (const name of Object.keys(names) as (keyof RouterEvents)[])
      llm.on(name, (event) => void told.push({ name, event }))

    const failing = {
      status: 500,
      error: { body: { error: { message: `cannot serve ${canaryPrompt} ${canaryKey}` } } },
    }
    const called = { text: canaryAnswer, toolCalls: [{ name: 'look', input: { at: canaryAnswer } }] }
    emulator.enqueue(wire.wire, failing, called)
    await llm.complete({ session: 'one', messages: canaryPrompt })
    emulator.enqueue(wire.wire, { text: canaryAnswer, fault: { after: 2, kind: 'reset' } }, failing)
    const error: unknown = await llm
      .complete({ session: 'one', messages: canaryPrompt })
      .catch((thrown: unknown) => thrown)
    expect(LLMError.is(error)).toBe(true)
    await llm.close()

    expect(told.filter(({ name }) => name === 'attempt')).toHaveLength(4)
    expect(told.filter(({ name }) => name === 'retry')).toHaveLength(2)
    for (const { name, event } of told) {
      const text = printed(event)
      for (const canary of [canaryPrompt, canaryAnswer, canaryKey]) expect(text, name).not.toContain(canary)
    }
  },
)
