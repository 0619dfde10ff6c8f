import type { Provider, Sampling } from '@wayfare/core'
import type { ErrorReader, VendorOptions } from '@wayfare/provider-kit'
import type { Adapted, Dialect } from '../dialect.ts'
import { effortField, thinksOrNot } from '../effort.ts'
import { errorCode } from '../error.ts'
import { untilReset } from '../limit-reset.ts'
import { dialectProvider } from '../provider.ts'

/**
 * Groq. The key is `GROQ_API_KEY` unless given, read at the first request.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { groq } from '@wayfare/openai-compatible/groq'
 * const router = new Router({ providers: [groq()], model: 'groq/openai/gpt-oss-120b' })
 * ```
 */
export function groq(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, options)
}

/** What Groq takes beyond Wayfare's own options; sent as it stands. */
export interface GroqOptions {
  readonly [key: string]: unknown
  readonly service_tier?: 'auto' | 'on_demand' | 'flex' | 'performance' | undefined
  readonly reasoning_format?: 'parsed' | 'raw' | 'hidden' | undefined
  readonly parallel_tool_calls?: boolean | undefined
}

const dialect: Dialect = {
  vendor: 'groq',
  baseURL: 'https://api.groq.com/openai/v1',
  keyVariable: 'GROQ_API_KEY',
  asksForUsage: true,
  reasoning,
  // By default some models write their thoughts into the text.
  adapt: (body, { model }) => ({ body: thinksAloud(model) ? { reasoning_format: 'parsed', ...body } : body }),
  readError,
  model: ({ active }) => (active === false ? undefined : {}),
}

function reasoning(wish: NonNullable<Sampling['reasoning']>, model: string): Adapted {
  if (model.includes('qwen3')) {
    return thinksOrNot(wish, model, { on: { reasoning_effort: 'default' }, off: { reasoning_effort: 'none' } })
  }
  return effortField(wish, model, model.includes('gpt-oss') ? ['low', 'medium', 'high'] : [])
}

function thinksAloud(model: string): boolean {
  return /qwen3|qwq|deepseek-r1/.test(model)
}

function readError(answer: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  // Capacity of the flex tier.
  if (answer.status === 498) return { kind: 'overloaded' }
  // The model wrote what its own server could not read: another try may be better.
  if (/^(tool_use_failed|json_validate_failed)$/.test(errorCode(answer.body)))
    return { kind: 'server', retryable: true }
  return untilReset(answer, ['requests', 'tokens'])
}

declare module '@wayfare/core' {
  interface KnownModels {
    'groq/openai/gpt-oss-120b': true
    'groq/openai/gpt-oss-20b': true
    'groq/llama-3.3-70b-versatile': true
    'groq/qwen/qwen3-32b': true
  }
  interface ProviderOptions {
    readonly groq?: GroqOptions | undefined
  }
}
