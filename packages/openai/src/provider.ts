import type { Provider } from '@wayfare/core'
import { dialectProvider } from '@wayfare/openai-compatible'
import type { VendorOptions } from '@wayfare/provider-kit'
import { dialect } from './dialect.ts'

/**
 * OpenAI, over chat completions. The key is `OPENAI_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { openai } from '@wayfare/openai'
 * const router = new Router({ providers: [openai()], model: 'openai/gpt-6-mini' })
 * ```
 */
export function openai(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}
