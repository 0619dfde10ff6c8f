import { randomUUID } from 'node:crypto'
import { anthropic } from '@wayfare/anthropic'
import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import { google } from '@wayfare/google'
import { createLLM } from '@wayfare/llm'
import type { Attempt, CostStore, LLM, LLMOptions } from '@wayfare/llm'
import { openai } from '@wayfare/openai'
import type { Screen } from './screen.ts'

/** What every scene plays on. */
export interface Stage {
  readonly emulator: Emulator
  readonly llm: LLM
  readonly screen: Screen
  /** Whose calls come all at once. */
  readonly crowd: Crowd
  /** Every attempt since the curtain rose, the failed ones included. */
  readonly attempts: readonly Attempt[]
}

export interface Crowd {
  readonly agent: string
  readonly limitUsd: number
}

export interface Scene {
  readonly title: string
  play(stage: Stage): Promise<void>
}

export const sonnet = 'anthropic/claude-sonnet-5'
export const mini = 'openai/gpt-5.4-mini'
export const flash = 'google/gemini-3.5-flash'

/** Real providers whose requests go to a local emulator. The keys are what they look like. */
export function emulated(emulator: Emulator): LLMOptions['providers'] {
  return [
    anthropic({ baseURL: emulator.baseURL('anthropic'), apiKey: 'emulated-key' }),
    openai({ baseURL: emulator.baseURL('openai'), apiKey: 'emulated-key' }),
    google({ baseURL: emulator.baseURL('google'), apiKey: 'emulated-key' }),
  ]
}

/** Without a store the ledger is in memory. */
export async function withStage(
  screen: Screen,
  play: (stage: Stage) => Promise<void>,
  store?: CostStore,
): Promise<void> {
  // A store outlives the demo: each run is another crowd.
  const crowd = { agent: store === undefined ? 'crowd' : `crowd-${randomUUID().slice(0, 8)}`, limitUsd: 0.05 }
  await using emulator = await startEmulator()
  const llm = createLLM({
    providers: emulated(emulator),
    model: sonnet,
    agent: 'tour',
    limits: {
      sessions: { 'tour:thrift': { soft: 0.01 } },
      agents: { [crowd.agent]: { hard: crowd.limitUsd } },
    },
    store,
  })
  const attempts: Attempt[] = []
  llm.on('attempt', (attempt) => attempts.push(attempt))
  await play({ emulator, llm, screen, crowd, attempts })
  await llm.close()
}
