import type { Provider, Sampling } from '@wayfare/core'
import type { VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, Dialect } from '../dialect.ts'
import { effortField } from '../effort.ts'
import { dialectProvider } from '../provider.ts'

/**
 * vLLM on this machine, at its usual port. It needs no key unless it was started with one, and costs nothing.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { vllm } from '@wayfare/openai-compatible/vllm'
 * const router = new Router({ providers: [vllm()], model: 'vllm/Qwen/Qwen3-8B' })
 * ```
 */
export function vllm(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What vLLM takes beyond Wayfare's own options; sent as it stands. */
export interface VLLMOptions {
  readonly [key: string]: unknown
  readonly top_k?: number | undefined
  readonly min_p?: number | undefined
  readonly repetition_penalty?: number | undefined
  readonly chat_template_kwargs?: { readonly [key: string]: unknown } | undefined
}

const dialect: Dialect = {
  vendor: 'vllm',
  baseURL: 'http://localhost:8000/v1',
  asksForUsage: true,
  reasoning,
  traits: () => ({ free: true, stopsOnAbort: true }),
}

/** Thinking is turned off in the template of the chat, not by an effort. */
function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (wish === 'none') return { body: { chat_template_kwargs: { enable_thinking: false } } }
  return effortField(wish, model, ['low', 'medium', 'high'])
}

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly vllm?: VLLMOptions | undefined
  }
}
