import type { Provider } from '@wayfare/core'
import type { ErrorReader, VendorOptions } from '@wayfare/provider-kit'
import type { Dialect } from '../dialect.ts'
import { effortField } from '../effort.ts'
import { errorCode } from '../error.ts'
import { untilReset } from '../limit-reset.ts'
import { dialectProvider } from '../provider.ts'

/**
 * Cerebras. The key is `CEREBRAS_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { cerebras } from '@wayfare/openai-compatible/cerebras'
 * const router = new Router({ providers: [cerebras()], model: 'cerebras/gpt-oss-120b' })
 * ```
 */
export function cerebras(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Cerebras takes beyond Wayfare's own options; sent as it stands. */
export interface CerebrasOptions {
  readonly [key: string]: unknown
  readonly reasoning_format?: 'parsed' | 'raw' | 'hidden' | 'none' | undefined
  readonly clear_thinking?: boolean | undefined
}

const dialect: Dialect = {
  vendor: 'cerebras',
  baseURL: 'https://api.cerebras.ai/v1',
  keyVariable: 'CEREBRAS_API_KEY',
  maxTokensField: 'max_completion_tokens',
  asksForUsage: true,
  reasoning: (wish, model) => effortField(wish, model, model.startsWith('gpt-oss') ? ['low', 'medium', 'high'] : []),
  readError,
}

/** Limits hold per day for requests and per minute for tokens; both reset times are seconds. */
function readError(answer: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  // Not this key's doing: everybody waits.
  if (answer.status === 429 && errorCode(answer.body) === 'queue_exceeded') return { kind: 'overloaded' }
  return untilReset(answer, ['requests-day', 'tokens-minute'])
}

declare module '@wayfare/core' {
  interface KnownModels {
    'cerebras/gpt-oss-120b': true
    'cerebras/llama3.1-8b': true
  }
  interface ProviderOptions {
    readonly cerebras?: CerebrasOptions | undefined
  }
}
