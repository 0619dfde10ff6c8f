import type { ModelInfo, Provider } from '@wayfare/core'
import { isRecord, type VendorOptions } from '@wayfare/provider-kit'
import type { Dialect } from '../dialect.ts'
import { priceField } from '../price-field.ts'
import { dialectProvider } from '../provider.ts'
import type { Wire } from '../wire.ts'

/**
 * Together. The key is `TOGETHER_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { together } from '@wayfare/openai-compatible/together'
 * const router = new Router({ providers: [together()], model: 'together/meta-llama/Llama-3.3-70B-Instruct-Turbo' })
 * ```
 */
export function together(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Together takes beyond Wayfare's own options; sent as it stands. */
export interface TogetherOptions {
  readonly [key: string]: unknown
  readonly top_k?: number | undefined
  readonly repetition_penalty?: number | undefined
  readonly safety_model?: string | undefined
}

const dialect: Dialect = {
  vendor: 'together',
  baseURL: 'https://api.together.xyz/v1',
  keyVariable: 'TOGETHER_API_KEY',
  model: readModel,
  traits: () => ({ stopsOnAbort: true }),
}

/** Prices are USD per million tokens; zero stands for models that are not sold by the token. */
function readModel(entry: Wire): Partial<ModelInfo> | undefined {
  const { type, pricing } = entry
  if (typeof type === 'string' && !['chat', 'language', 'code'].includes(type)) return undefined
  const prices = isRecord(pricing) ? pricing : {}
  if (!(Number(prices['input']) > 0 || Number(prices['output']) > 0)) return {}
  return {
    ...priceField('inputPerMTok', prices['input'], 1),
    ...priceField('outputPerMTok', prices['output'], 1),
    ...(Number(prices['cached_input']) > 0 && priceField('cacheReadPerMTok', prices['cached_input'], 1)),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'together/meta-llama/Llama-3.3-70B-Instruct-Turbo': true
    'together/meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8': true
  }
  interface ProviderOptions {
    readonly together?: TogetherOptions | undefined
  }
}
