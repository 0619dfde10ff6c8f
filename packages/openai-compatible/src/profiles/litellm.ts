import type { ModelInfo, Provider, ProviderCallOptions } from '@wayfare/core'
import {
  errorMessage,
  isRecord,
  tokens,
  type Endpoint,
  type ErrorReader,
  type VendorOptions,
} from '@wayfare/provider-kit'
import { amount, amountOf } from '../amount.ts'
import { usdLeft } from '../balance.ts'
import type { Dialect } from '../dialect.ts'
import { environmentKey } from '../environment.ts'
import { untilReset } from '../limit-reset.ts'
import { priceField } from '../price-field.ts'
import { dialectProvider } from '../provider.ts'
import { text, type Wire } from '../wire.ts'

/**
 * A LiteLLM proxy, by default on this machine at its usual port. The key is `LITELLM_API_KEY` unless given; a proxy without
 * keys needs none. `balance()` is what is left of the key's budget, `Infinity` without one.
 *
 * @example
 * ```ts
 * import { Router } from '@wayfare/core'
 * import { litellm } from '@wayfare/openai-compatible/litellm'
 * const router = new Router({ providers: [litellm()], model: 'litellm/my-model' })
 * ```
 */
export function litellm(options: VendorOptions = {}): Provider {
  return dialectProvider(dialect, { ...options, apiKey: options.apiKey ?? environmentKey('LITELLM_API_KEY') })
}

/** What a LiteLLM proxy takes beyond Wayfare's own options; sent as it stands. */
export interface LiteLLMOptions {
  readonly [key: string]: unknown
  readonly metadata?: { readonly [key: string]: unknown } | undefined
  readonly guardrails?: readonly string[] | undefined
  readonly user?: string | undefined
}

const dialect: Dialect = {
  vendor: 'litellm',
  baseURL: 'http://localhost:4000/v1',
  modelsPath: 'model/info',
  healthPath: 'models',
  asksForUsage: true,
  cacheControl: true,
  reportedUsd: ({ cost }) => (typeof cost === 'number' ? amount(cost) : undefined),
  costBeside: (_, headers) => costHeader(headers),
  requestIdHeader: 'x-litellm-call-id',
  billsUnanswered: true,
  readError,
  model: readModel,
  balance,
}

/** The headers of a stream are sent before anything has cost anything. */
function costHeader(headers: ReadonlyMap<string, string>): number | undefined {
  if (headers.get('content-type')?.startsWith('text/event-stream') === true) return undefined
  const told = headers.get('x-litellm-response-cost')
  return told === undefined || /^(none|null)?$/i.test(told.trim()) ? undefined : amountOf(told)
}

/** The proxy names the failures of its vendors in its messages. */
function readError(answer: Parameters<ErrorReader>[0]): ReturnType<ErrorReader> {
  const [, name] = /litellm\.(\w+)/.exec(errorMessage(answer.body) ?? '') ?? []
  if (name === 'ContextWindowExceededError') return { kind: 'context_length' }
  if (name === 'ContentPolicyViolationError') return { kind: 'content_filter', phase: 'input' }
  return untilReset(answer, ['requests', 'tokens'])
}

function readModel({ model_name: name, model_info: info }: Wire): Partial<ModelInfo> | undefined {
  const id = text(name)
  const facts = isRecord(info) ? info : {}
  if (id === undefined || (typeof facts['mode'] === 'string' && facts['mode'] !== 'chat')) return undefined
  const contextTokens = tokens(facts['max_input_tokens'])
  const maxOutputTokens = tokens(facts['max_output_tokens'])
  return {
    id,
    ...priceField('inputPerMTok', facts['input_cost_per_token'], 1e6),
    ...priceField('outputPerMTok', facts['output_cost_per_token'], 1e6),
    ...priceField('cacheReadPerMTok', facts['cache_read_input_token_cost'], 1e6),
    ...priceField('cacheWritePerMTok', facts['cache_creation_input_token_cost'], 1e6),
    ...(contextTokens > 0 && { contextTokens }),
    ...(maxOutputTokens > 0 && { maxOutputTokens }),
    ...(typeof facts['supports_function_calling'] === 'boolean' && {
      supportsTools: facts['supports_function_calling'],
    }),
  }
}

async function balance(api: Endpoint, call?: ProviderCallOptions): Promise<number> {
  const body = await api.get('../key/info', call)
  const info = isRecord(body) && isRecord(body['info']) ? body['info'] : {}
  const { max_budget: budget, spend } = info
  if (budget === null || budget === undefined) return Infinity
  return usdLeft('litellm', budget) - usdLeft('litellm', spend ?? 0)
}

declare module '@wayfare/core' {
  interface ProviderOptions {
    readonly litellm?: LiteLLMOptions | undefined
  }
}
