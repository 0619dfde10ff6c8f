import { anthropic } from '@wayfare/anthropic'
import type { Emulator, WireName } from '@wayfare/emulator'
import { google } from '@wayfare/google'
import type { Provider } from '@wayfare/llm'
import { ollama } from '@wayfare/ollama'
import { openai } from '@wayfare/openai'
import { openaiCompatible } from '@wayfare/openai-compatible'
import { openrouter } from '@wayfare/openrouter'

/** The key of every provider under test; it must never be seen again. */
export const canaryKey = 'sk-canary-7f3a9c51d2e8b604'

export interface Wire {
  /** The provider's name, and the word in the test's title. */
  readonly name: string
  /** What the emulator calls it. */
  readonly wire: WireName
  readonly model: string
  /** What it speaks. */
  readonly protocol: 'messages' | 'chat' | 'responses' | 'gemini' | 'ollama'
  /** What its protocol ends with is seen only in a stream of this kind. */
  readonly format: 'sse' | 'ndjson'
  readonly make: (options: WireOptions) => Provider
}

export interface WireOptions {
  readonly baseURL: string
  readonly apiKey: string | (() => string)
  readonly proxy?: string
  readonly headers?: Record<string, string>
  readonly fetch?: typeof fetch
}

const all: readonly Wire[] = [
  {
    name: 'anthropic',
    wire: 'anthropic',
    model: 'claude-sonnet-5',
    protocol: 'messages',
    format: 'sse',
    make: anthropic,
  },
  {
    name: 'openai-compatible',
    wire: 'openai',
    model: 'gpt-4.1',
    protocol: 'chat',
    format: 'sse',
    make: (options) => openaiCompatible({ name: 'openai-compatible', ...options }),
  },
  { name: 'openai', wire: 'openai', model: 'gpt-5.4-mini', protocol: 'responses', format: 'sse', make: openai },
  {
    name: 'openrouter',
    wire: 'openrouter',
    model: 'openai/gpt-5.4-mini',
    protocol: 'chat',
    format: 'sse',
    make: openrouter,
  },
  { name: 'google', wire: 'google', model: 'gemini-3.5-flash', protocol: 'gemini', format: 'sse', make: google },
  { name: 'ollama', wire: 'ollama', model: 'qwen3:8b', protocol: 'ollama', format: 'ndjson', make: ollama },
]

const everywhere = process.env['WAYFARE_WIRES'] === 'all'

/**
 * The wires that every fault is played on: one of each kind. The vendors that speak another's dialect share its reader, so
 * they join in only when asked to by WAYFARE_WIRES=all, as `pnpm test:long` does. So does openai, where the fault is one of
 * connections, statuses or routing: those are handled in places that it shares with the others.
 */
export const wires: readonly Wire[] = everywhere
  ? all
  : all.filter(({ name }) => name !== 'openai' && name !== 'openrouter')

/** The wires on which faults inside an answer are played: one of each protocol. */
export const protocols: readonly Wire[] = everywhere ? all : all.filter(({ name }) => name !== 'openrouter')

export const sseWires: readonly Wire[] = wires.filter((wire) => wire.format === 'sse')

export function wireNamed(name: string): Wire {
  const found = all.find((wire) => wire.name === name)
  if (found === undefined) throw new RangeError(`no wire "${name}"`)
  return found
}

export function providerOf(wire: Wire, emulator: Emulator): Provider {
  return wire.make({ baseURL: emulator.baseURL(wire.wire), apiKey: canaryKey })
}
