import { anthropic } from '@wayfare/anthropic'
import type { WireName } from '@wayfare/emulator'
import { google } from '@wayfare/google'
import type { Provider } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'

export interface SoakWire {
  readonly wire: WireName
  readonly model: string
  readonly make: (baseURL: string) => Provider
}

export const soakWires: readonly SoakWire[] = [
  {
    wire: 'anthropic',
    model: 'claude-haiku-4-5',
    make: (baseURL) => anthropic({ baseURL, apiKey: 'soak-key-0123456789' }),
  },
  { wire: 'openai', model: 'gpt-4.1', make: (baseURL) => openai({ baseURL, apiKey: 'soak-key-0123456789' }) },
  { wire: 'google', model: 'gemini-2.5-flash', make: (baseURL) => google({ baseURL, apiKey: 'soak-key-0123456789' }) },
  { wire: 'ollama', model: 'qwen3:8b', make: (baseURL) => ollama({ baseURL }) },
]
