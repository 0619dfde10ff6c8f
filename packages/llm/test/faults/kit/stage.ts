import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import { PriceRegistry, createLLM } from '@wayfare/llm'
import type { LLM, LLMOptions } from '@wayfare/llm'
import { expect } from 'vitest'
import { HastyClock } from './clock.ts'
import type { WatchedClock } from './clock.ts'
import { providerOf } from './wires.ts'
import type { Wire } from './wires.ts'

export interface Stage<C extends WatchedClock> {
  readonly emulator: Emulator
  readonly llm: LLM
  readonly clock: C
}

/** For plays of several calls, or whose reader does more than read. Nothing may be left when it is over. */
export async function onStage<C extends WatchedClock = HastyClock>(
  wire: Wire,
  play: (stage: Stage<C>) => Promise<void>,
  options: Partial<LLMOptions> & { readonly clock?: C } = {},
): Promise<void> {
  const clock = options.clock ?? (new HastyClock() as WatchedClock as C) // the default of C
  await using emulator = await startEmulator()
  const llm = createLLM({
    providers: [providerOf(wire, emulator)],
    model: { provider: wire.name, model: wire.model },
    limits: { global: { hard: 1_000 } },
    prices: new PriceRegistry({ entries: [], fallbackRate: { input: 1, output: 4 } }),
    maxOutputTokens: 1_000,
    random: () => 0.5,
    ...options,
    clock,
  })
  try {
    await play({ emulator, llm, clock })
  } finally {
    await llm.close()
  }
  expect((await llm.costs.global()).pendingUsd).toBe(0)
  expect(clock.timersLeft).toBe(0)
}
