import type { ModelInfo, Provider } from '@wayfare/core'
import type { ErrorReader, VendorOptions } from '@wayfare/provider-kit'
import type { Dialect } from '../dialect.ts'
import { dialectProvider } from '../provider.ts'
import type { Wire } from '../wire.ts'

/**
 * Fireworks. The key is `FIREWORKS_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { fireworks } from '@wayfare/openai-compatible/fireworks'
 * const router = new Router({ providers: [fireworks()], model: 'fireworks/accounts/fireworks/models/gpt-oss-120b' })
 * ```
 */
export function fireworks(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Fireworks takes beyond Wayfare's own options; sent as it stands. */
export interface FireworksOptions {
  readonly [key: string]: unknown
  /** Which thoughts of earlier turns the model sees again. */
  readonly reasoning_history?: 'disabled' | 'interleaved' | 'preserved' | undefined
  readonly top_k?: number | undefined
  readonly context_length_exceeded_behavior?: 'truncate' | 'error' | undefined
}

const dialect: Dialect = {
  vendor: 'fireworks',
  baseURL: 'https://api.fireworks.ai/inference/v1',
  keyVariable: 'FIREWORKS_API_KEY',
  readError,
  model: readModel,
  traits: () => ({ stopsOnAbort: true }),
}

/** An account that is suspended for its bills answers 412. */
function readError({ status }: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  return status === 412 ? { kind: 'billing' } : undefined
}

function readModel(entry: Wire): Partial<ModelInfo> | undefined {
  const { supports_chat: chat, supports_tools: tools, supports_image_input: images } = entry
  if (chat === false) return undefined
  return {
    ...(typeof tools === 'boolean' && { supportsTools: tools }),
    ...(typeof images === 'boolean' && { input: images ? ['text', 'image'] : ['text'] }),
  }
}

declare module '@wayfare/core' {
  interface KnownModels {
    'fireworks/accounts/fireworks/models/gpt-oss-120b': true
    'fireworks/accounts/fireworks/models/gpt-oss-20b': true
  }
  interface ProviderOptions {
    readonly fireworks?: FireworksOptions | undefined
  }
}
