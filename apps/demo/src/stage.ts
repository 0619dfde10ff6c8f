import { anthropic } from '@wayfare/anthropic'
import { startEmulator } from '@wayfare/emulator'
import type { Emulator } from '@wayfare/emulator'
import { google } from '@wayfare/google'
import { createLLM } from '@wayfare/llm'
import type { Attempt, LLM, LLMOptions } from '@wayfare/llm'
import { openai } from '@wayfare/openai'
import type { Screen } from './screen.ts'

/** What every scene plays on. */
export interface Stage {
  readonly emulator: Emulator
  readonly llm: LLM
  readonly screen: Screen
  /** Every attempt since the curtain rose, the failed ones included. */
  readonly attempts: readonly Attempt[]
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

export async function withStage(screen: Screen, play: (stage: Stage) => Promise<void>): Promise<void> {
  await using emulator = await startEmulator()
  const llm = createLLM({
    providers: emulated(emulator),
    model: sonnet,
    agent: 'tour',
    limits: {
      sessions: { 'tour:thrift': { soft: 0.01 } },
      agents: { crowd: { hard: 0.05 } },
    },
  })
  const attempts: Attempt[] = []
  llm.on('attempt', (attempt) => attempts.push(attempt))
  await play({ emulator, llm, screen, attempts })
  await llm.close()
}
