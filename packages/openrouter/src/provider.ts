import type { Provider } from '@wayfare/core'
import { dialectProvider } from '@wayfare/openai-compatible'
import { dialect } from './dialect.ts'
import type { OpenRouterProviderOptions } from './options.ts'

/**
 * OpenRouter. The key is `OPENROUTER_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { openrouter } from '@wayfare/openrouter'
 * const router = new Router({ providers: [openrouter()], model: 'openrouter/anthropic/claude-sonnet-5' })
 * ```
 */
export function openrouter({ app, ...options }: OpenRouterProviderOptions = {}): Provider {
  const headers = {
    ...(app?.name !== undefined && { 'x-title': app.name }),
    ...(app?.url !== undefined && { 'http-referer': app.url }),
  }
  return dialectProvider({ ...dialect, headers }, options)
}
