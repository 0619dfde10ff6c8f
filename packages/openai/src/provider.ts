import { LLMError, type Provider } from '@wayfare/core'
import { dialectProvider } from '@wayfare/openai-compatible'
import type { VendorOptions } from '@wayfare/provider-kit'
import { dialect } from './dialect.ts'
import { responsesProvider } from './responses/provider.ts'

export interface OpenAIProviderOptions extends VendorOptions {
  /**
   * Which of OpenAI's two APIs is spoken. Default `responses`, which replays reasoning; `chat` is chat completions, for stop
   * sequences, a seed, audio, and servers that know nothing else.
   */
  readonly api?: 'responses' | 'chat' | undefined
}

/**
 * OpenAI. The key is `OPENAI_API_KEY` unless given, read at the first request. Throws `config` for an API that does not exist
 * and for a base URL, header or key that cannot be used.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { openai } from '@wayfare/openai'
 * const router = new Router({ providers: [openai()], model: 'openai/gpt-6-mini' })
 * ```
 */
export function openai({ api = 'responses', ...options }: OpenAIProviderOptions = {}): Provider {
  if (api === 'responses') return responsesProvider(options)
  if (api === 'chat') return dialectProvider(dialect, options)
  throw new LLMError('config', `openai has no api "${String(api)}"; use 'responses' or 'chat'`)
}
