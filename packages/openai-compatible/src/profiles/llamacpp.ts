import type { ModelInfo, Provider, Sampling } from '@wayfare/core'
import { isRecord, tokens, type VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, Dialect } from '../dialect.ts'
import { effortField } from '../effort.ts'
import { dialectProvider } from '../provider.ts'
import type { Wire } from '../wire.ts'

/**
 * The server of llama.cpp on this machine, at its usual port. It needs no key unless it was started with one, and costs
 * nothing. `health()` waits for the model: while it loads, the server is `overloaded`.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { llamacpp } from '@wayfare/openai-compatible/llamacpp'
 * const router = new Router({ providers: [llamacpp()], model: 'llamacpp/qwen3-8b' })
 * ```
 */
export function llamacpp(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What llama.cpp takes beyond Wayfare's own options; sent as it stands. */
export interface LlamaCppOptions {
  readonly [key: string]: unknown
  readonly top_k?: number | undefined
  readonly min_p?: number | undefined
  readonly grammar?: string | undefined
  readonly cache_prompt?: boolean | undefined
  readonly chat_template_kwargs?: { readonly [key: string]: unknown } | undefined
}

const dialect: Dialect = {
  vendor: 'llamacpp',
  baseURL: 'http://localhost:8080/v1',
  // Beside /v1, not in it.
  healthPath: '../health',
  asksForUsage: true,
  reasoning,
  model: readModel,
  traits: () => ({ free: true, stopsOnAbort: true }),
}

/** Thinking is turned off in the template of the chat, not by an effort. */
function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (wish === 'none') return { body: { chat_template_kwargs: { enable_thinking: false } } }
  return effortField(wish, model, ['low', 'medium', 'high'])
}

function readModel({ meta }: Wire): Partial<ModelInfo> {
  const contextTokens = isRecord(meta) ? tokens(meta['n_ctx'] ?? meta['n_ctx_train']) : 0
  return contextTokens > 0 ? { contextTokens } : {}
}

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly llamacpp?: LlamaCppOptions | undefined
  }
}
